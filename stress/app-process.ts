/** One process of the app. Each command is one operation, most of them for one connection. */
import type { RecruitOAuthEvent } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from './clock-offset.ts'
import { createApp } from './app.ts'
import { serveCommands, readSettings } from './child.ts'
import { errorCodeOf } from './code-of.ts'
import { requestOf, type Callback } from './consent.ts'
import { times } from './figures.ts'
import { waitForStore, openStore, type StoreLocation } from './stores.ts'
import type { ZohoAddress } from './zoho.ts'

export interface AppSettings {
  readonly location: StoreLocation
  readonly zoho: ZohoAddress
  /** How far the clock of its store is behind, in ms; a negative number means ahead. */
  readonly storeClockBehindMs?: number
}

export type Command =
  | { readonly do: 'connect'; readonly id: string; readonly code: string }
  /** `at`: the instant to begin, in ms as of `Date.now()`. */
  | {
      readonly do: 'access-token'
      readonly id: string
      readonly callers: number
      readonly at?: number
    }
  | { readonly do: 'status'; readonly id: string; readonly callers: number }
  | { readonly do: 'callback'; readonly callback: Callback }
  | { readonly do: 'call-recruit'; readonly id: string }
  | { readonly do: 'revoke'; readonly id: string }
  | { readonly do: 'recover' }

/** The result of `recover()`, and what `onEvent` reported meanwhile. */
export interface RecoveryResult {
  readonly done: number
  readonly failed: readonly string[]
  /** Connections whose interrupted exchange was reported as failed. */
  readonly consentFailed: readonly string[]
  /** Connections that are still pending afterwards. */
  readonly pending: readonly string[]
  /** Ids of pending rows, including rows that only remember used callbacks. */
  readonly pendingRows: readonly string[]
}

/** The results of all callers of one command. */
export interface CallerResults {
  /** The distinct values that callers got. */
  readonly values: readonly string[]
  /** One error code for each caller that failed. */
  readonly errors: readonly string[]
  /** How long each caller waited from the start of the command. */
  readonly waitedMs: readonly number[]
}

const { location, zoho, storeClockBehindMs = 0 } = readSettings<AppSettings>()
const { store } = await openStore(location)
await waitForStore(store)
const events: RecruitOAuthEvent[] = []
const app = createApp(withClockOffset(store, storeClockBehindMs), zoho, {
  onEvent: (event) => void events.push(event),
})

const runCallers = async <T>(callers: number, call: () => Promise<T>): Promise<CallerResults> => {
  const values = new Set<T>()
  const errors: string[] = []
  const beganAt = performance.now()
  const waitedMs = await Promise.all(
    times(callers, async () => {
      try {
        values.add(await call())
      } catch (error) {
        errors.push(errorCodeOf(error))
      }
      return performance.now() - beganAt
    }),
  )
  return { values: [...values].map(String), errors, waitedMs }
}

const recover = async (): Promise<RecoveryResult> => {
  events.length = 0
  const { done, failed } = await app.recover()
  const { connections } = await app.connections({ pending: true, limit: 1_000 })
  const consentFailed = events.flatMap((event) =>
    event.type === 'consent-failed' ? [event.connection] : [],
  )
  const rows = await store.list({ pending: true, limit: 1_000 })
  return {
    done,
    failed: failed.map(({ id, error }) => `${id}: ${error.code}`),
    consentFailed,
    pending: connections.map(({ id }) => id),
    pendingRows: rows.map(({ id }) => id),
  }
}

/** Timers can be some milliseconds late, so the last 20 ms are a busy wait. */
const waitUntilInstant = async (at: number): Promise<void> => {
  await sleep(Math.max(0, at - Date.now() - 20))
  while (Date.now() < at);
}

serveCommands(async (command: Command): Promise<unknown> => {
  if (command.do === 'callback') return (await app.handle(requestOf(command.callback)))?.status
  if (command.do === 'recover') return recover()
  const connection = app.connection(command.id)
  switch (command.do) {
    case 'connect':
      return connection.exchangeSelfClientCode(command.code, { principal: command.id })
    case 'access-token':
      if (command.at !== undefined) await waitUntilInstant(command.at)
      return runCallers(command.callers, () => connection.accessToken())
    case 'status':
      return runCallers(command.callers, async () => (await connection.status()).status)
    case 'call-recruit':
      return connection.fetch('Candidates?per_page=1').then(({ status }) => status, errorCodeOf)
    case 'revoke':
      return connection.revoke().then(() => 'ok', errorCodeOf)
  }
})
