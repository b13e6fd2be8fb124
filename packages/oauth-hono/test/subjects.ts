import { describeAdapter, type AdapterHarness } from '@zrecruit/oauth-conformance'
import { afterAll, describe, it } from 'vitest'
import { appHeader } from './runtimes/host.ts'
import { findProgram, runtimes, startIn, type Runtime, type Started } from './runtimes/start.ts'

/** Creates the harness for one runtime. The first app starts a process, which serves all apps. */
const subjectOn = (runtime: Runtime) => {
  let started: Promise<Started> | undefined
  const subject: AdapterHarness = {
    name: `Hono on ${runtime.name}`,
    async start(settings) {
      const { origin } = await (started ??= startIn(
        runtime,
        new URL('./runtimes/host.ts', import.meta.url),
      ))
      const response = await fetch(`${origin}/_apps`, {
        method: 'POST',
        body: JSON.stringify(settings),
      })
      const app = (await response.json()) as { id: string; code?: string; message: string }
      if (!response.ok) throw Object.assign(new Error(app.message), { code: app.code })
      const headers = { [appHeader]: app.id }
      return {
        origin,
        headers,
        close: async () => void (await fetch(`${origin}/_apps`, { method: 'DELETE', headers })),
      }
    },
  }
  // The next test file of this worker starts another process.
  const end = async () => {
    const ended = await started?.catch(() => undefined)
    started = undefined
    await ended?.close()
  }
  return { subject, end, installed: findProgram(runtime) !== undefined }
}

/** For each runtime the harness `subject`, and `end`, which ends the process. */
export const subjects = runtimes.map(subjectOn)

/**
 * Declares the conformance cases for the runtimes of these names. A runtime that is not installed
 * is skipped; if `CI` is set, its cases fail.
 */
export const describeRuntimes = (names: readonly string[]): void => {
  for (const name of names) {
    const found = subjects.find(({ subject }) => subject.name === `Hono on ${name}`)
    if (!found) throw new Error(`no runtime is called ${name}`)
    const { subject, end, installed } = found
    afterAll(end)
    describeAdapter(subject, { describe: describe.skipIf(!installed && !process.env['CI']), it })
  }
}
