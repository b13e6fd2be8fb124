import { RecruitOAuthError, type ErrorCode } from '@zrecruit/oauth-core'
import type { RunningApp, AdapterHarness } from '@zrecruit/oauth-conformance'
import { startChild, type Child } from '@zrecruit/testing/processes'
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Platform } from './platform.ts'
import type { ServeCommands } from './serve.ts'

const folder = fileURLToPath(new URL('../nest-11', import.meta.url))

/**
 * Creates harnesses that run the test app on Nest 11, in another process. The bundle contains the
 * sources of the app and of the adapter, but not Nest and its dependencies. It is in
 * `test/nest-11`, so that Node finds the Nest that is installed there.
 */
export const createNest11 = () => {
  let child: Promise<Child<ServeCommands>> | undefined
  let bundle = ''

  const start = async (): Promise<Child<ServeCommands>> => {
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
    const started = await startChild<ServeCommands>(outfile, { execArgv: [] })
    const version = await started.request('nestVersion')
    if (!version.startsWith('11.')) throw new Error(`expected Nest 11, found ${version}`)
    return started
  }

  return {
    subject: (name: string, platform: Platform): AdapterHarness => ({
      name,
      async start(settings): Promise<RunningApp> {
        child ??= start()
        const running = await child
        const result = await running.request('start', { settings, platform })
        if ('error' in result) throw toError(result.error)
        const { origin } = result
        return { origin, close: () => running.request('close', origin) }
      },
    }),
    async end() {
      await (await child)?.stop()
      if (bundle) rmSync(bundle, { recursive: true, force: true })
    },
  }
}

const toError = ({ code, message }: { code?: string; message: string }): Error =>
  code === undefined
    ? new Error(message)
    : Object.assign(new RecruitOAuthError(code as ErrorCode), { message })
