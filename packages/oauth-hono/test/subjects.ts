import type { AdapterHarness } from '@zrecruit/oauth-conformance/app'
import { appHeader } from './runtimes/host.ts'
import { programOf, runtimes, startIn, type Runtime, type Started } from './runtimes/start.ts'

/** The adapter on one runtime: one process for all of its apps, started with the first of them. */
const subjectOn = (runtime: Runtime) => {
  let process: Promise<Started> | undefined
  const subject: AdapterHarness = {
    name: `Hono on ${runtime.name}`,
    async start(settings) {
      const { origin } = await (process ??= startIn(
        runtime,
        new URL('./runtimes/host.ts', import.meta.url),
      ))
      const made = await fetch(`${origin}/_apps`, {
        method: 'POST',
        body: JSON.stringify(settings),
      })
      const answer = (await made.json()) as { id: string; code?: string; message: string }
      if (!made.ok) throw Object.assign(new Error(answer.message), { code: answer.code })
      const headers = { [appHeader]: answer.id }
      return {
        origin,
        headers,
        close: async () => void (await fetch(`${origin}/_apps`, { method: 'DELETE', headers })),
      }
    },
  }
  const end = async () => (await process?.catch(() => undefined))?.close()
  return { subject, end, installed: programOf(runtime) !== undefined }
}

/** A subject for each runtime, and what ends its process. */
export const subjects = runtimes.map(subjectOn)
