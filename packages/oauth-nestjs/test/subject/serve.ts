import type { AppSettings, RunningApp } from '@zrecruit/oauth-conformance'
import { createRequire } from 'node:module'
import { isRecruitOAuthError } from '../../src/index.ts'
import { startApp } from './app.ts'
import type { Platform } from './platform.ts'

/** What the parent process asks for, and what it is told. */
export type Order = { readonly id: number } & (
  { readonly start: AppSettings; readonly platform: Platform } | { readonly close: number }
)
type Outcome =
  | { readonly origin?: string }
  | { readonly error: { readonly code?: string; readonly message: string } }
export type Report = { readonly id: number } & Outcome

const apps = new Map<number, RunningApp>()

const carryOut = async (order: Order): Promise<Outcome> => {
  if ('close' in order) {
    await apps.get(order.close)?.close()
    apps.delete(order.close)
    return {}
  }
  const app = await startApp(order.platform, order.start)
  apps.set(order.id, app)
  return { origin: app.origin }
}

process.on('message', (order: Order) => {
  void carryOut(order)
    .catch((error: Error) => ({
      error: { message: error.message, ...(isRecruitOAuthError(error) && { code: error.code }) },
    }))
    .then((outcome) => process.send?.({ id: order.id, ...outcome }))
})
process.on('disconnect', () => process.exit(0))
process.send?.({
  nest: (createRequire(import.meta.url)('@nestjs/core/package.json') as { version: string })
    .version,
})
