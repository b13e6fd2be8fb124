import type { AppSettings, RunningApp } from '@zrecruit/oauth-conformance'
import { serveParent } from '@zrecruit/testing/processes'
import { createRequire } from 'node:module'
import { isRecruitOAuthError } from '../../src/index.ts'
import { startApp } from './app.ts'
import type { Platform } from './platform.ts'

const apps = new Map<string, RunningApp>()

/** The origin of the app, or the error that its start threw. */
type StartResult =
  | { readonly origin: string }
  | { readonly error: { readonly code?: string; readonly message: string } }

const commands = {
  nestVersion: () => {
    const require = createRequire(import.meta.url)
    return (require('@nestjs/core/package.json') as { version: string }).version
  },
  async start(app: { settings: AppSettings; platform: Platform }): Promise<StartResult> {
    try {
      const running = await startApp(app.platform, app.settings)
      apps.set(running.origin, running)
      return { origin: running.origin }
    } catch (error) {
      const { message } = error as Error
      return { error: { message, ...(isRecruitOAuthError(error) && { code: error.code }) } }
    }
  },
  async close(origin: string): Promise<void> {
    await apps.get(origin)?.close()
    apps.delete(origin)
  },
}
export type ServeCommands = typeof commands

serveParent(commands)
