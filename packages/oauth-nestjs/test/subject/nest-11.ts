import { RecruitOAuthError, type ErrorCode } from '@zrecruit/oauth-core'
import type { RunningApp, AdapterHarness } from '@zrecruit/oauth-conformance'
import { build } from 'esbuild'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Platform } from './platform.ts'
import type { Report } from './serve.ts'

const folder = fileURLToPath(new URL('../nest-11', import.meta.url))

/**
 * The same app and the same sources of the adapter, on the Nest that is installed in
 * `test/nest-11`: bundled but for Nest and what comes with it, and written below that folder, so
 * that Node finds that Nest. In a process of its own.
 */
export const nest11 = () => {
  let child: Promise<ChildProcess> | undefined
  let count = 0
  let bundle = ''
  const waiting = new Map<number, (report: Report) => void>()

  const begin = async (): Promise<ChildProcess> => {
    bundle = mkdtempSync(join(folder, 'bundle.generated-'))
    const outfile = join(bundle, 'serve.mjs')
    await build({
      entryPoints: [fileURLToPath(new URL('serve.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['@zrecruit/source'],
      external: ['@nestjs/*', 'rxjs', 'reflect-metadata'],
      logLevel: 'error',
    })
    const process = fork(outfile, { execArgv: [] })
    // Who tests another version by mistake shall know.
    const { nest } = await new Promise<{ nest: string }>((resolve) =>
      process.once('message', resolve),
    )
    if (!nest.startsWith('11.')) throw new Error(`Nest ${nest} was found, in place of 11.`)
    process.on('message', (report: Report) => {
      waiting.get(report.id)?.(report)
      waiting.delete(report.id)
    })
    process.on('exit', (code) => {
      for (const tell of waiting.values())
        tell({ id: 0, error: { message: `The process of Nest 11 ended with ${code}.` } })
    })
    return process
  }

  const ask = async (
    order: { start: unknown; platform: Platform } | { close: number },
  ): Promise<Report & { origin?: string }> => {
    const process = await (child ??= begin())
    const id = ++count
    const report = await new Promise<Report>((resolve) => {
      waiting.set(id, resolve)
      process.send({ ...order, id })
    })
    if (!('error' in report)) return report
    const { code, message } = report.error
    throw code === undefined
      ? new Error(message)
      : Object.assign(new RecruitOAuthError(code as ErrorCode), { message })
  }

  return {
    subject: (name: string, platform: Platform): AdapterHarness => ({
      name,
      async start(settings): Promise<RunningApp> {
        const { id, origin = '' } = await ask({ start: settings, platform })
        return { origin, close: async () => void (await ask({ close: id })) }
      },
    }),
    async end() {
      ;(await child)?.disconnect()
      if (bundle) rmSync(bundle, { recursive: true, force: true })
    },
  }
}
