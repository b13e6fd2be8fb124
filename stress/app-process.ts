/** One process of the app, for the proofs: an order is a verb, most of them for one connection. */
import type { RecruitOAuthEvent } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from './clock-offset.ts'
import { appOn } from './app.ts'
import { obey, settingsOf } from './child.ts'
import { codeOf } from './code-of.ts'
import { requestOf, type Callback } from './consent.ts'
import { times } from './figures.ts'
import { connected, openStore, type StorePlace } from './stores.ts'
import type { ZohoAt } from './zoho.ts'

export interface AppSettings {
  readonly place: StorePlace
  readonly zoho: ZohoAt
  /** Its store's clock is so far behind; below zero: ahead. */
  readonly agedMs?: number
}

export type Order =
  | { readonly do: 'connect'; readonly id: string; readonly code: string }
  /** `at`: the moment to begin, as `Date.now` says it. */
  | {
      readonly do: 'access-token'
      readonly id: string
      readonly callers: number
      readonly at?: number
    }
  | { readonly do: 'status'; readonly id: string; readonly callers: number }
  | { readonly do: 'come-back'; readonly callback: Callback }
  | { readonly do: 'call-recruit'; readonly id: string }
  | { readonly do: 'revoke'; readonly id: string }
  | { readonly do: 'recover' }

/** What a sweep came to, and what `onEvent` was told meanwhile. */
export interface Swept {
  readonly done: number
  readonly failed: readonly string[]
  /** Connections of which it was told that an exchange died. */
  readonly consentFailed: readonly string[]
  /** Connections that are pending afterwards. */
  readonly left: readonly string[]
  /** Rows that are, also those that only keep which callbacks were used. */
  readonly rows: readonly string[]
}

/** What became of the callers of one order. */
export interface Told {
  /** The different answers that they got. */
  readonly told: readonly string[]
  /** Error codes, one for each caller that got an error. */
  readonly errors: readonly string[]
  /** How long each of them waited, from the beginning of the order on. */
  readonly waitedMs: readonly number[]
}

const { place, zoho, agedMs = 0 } = settingsOf<AppSettings>()
const { store } = await openStore(place)
await connected(store)
const events: RecruitOAuthEvent[] = []
const app = appOn(withClockOffset(store, agedMs), zoho, {
  onEvent: (event) => void events.push(event),
})

const asked = async <T>(callers: number, one: () => Promise<T>): Promise<Told> => {
  const [told, errors] = [new Set<T>(), [] as string[]]
  const beganAt = performance.now()
  const waitedMs = await Promise.all(
    times(callers, async () => {
      try {
        told.add(await one())
      } catch (error) {
        errors.push(codeOf(error))
      }
      return performance.now() - beganAt
    }),
  )
  return { told: [...told].map(String), errors, waitedMs }
}

const recover = async (): Promise<Swept> => {
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
    left: connections.map(({ id }) => id),
    rows: rows.map(({ id }) => id),
  }
}

/** A timer can be late by some milliseconds; the end of the wait is not left to it. */
const until = async (at: number): Promise<void> => {
  await sleep(Math.max(0, at - Date.now() - 20))
  while (Date.now() < at);
}

obey(async (order: Order): Promise<unknown> => {
  if (order.do === 'come-back') return (await app.handle(requestOf(order.callback)))?.status
  if (order.do === 'recover') return recover()
  const connection = app.connection(order.id)
  switch (order.do) {
    case 'connect':
      return connection.exchangeSelfClientCode(order.code, { principal: order.id })
    case 'access-token':
      if (order.at !== undefined) await until(order.at)
      return asked(order.callers, () => connection.accessToken())
    case 'status':
      return asked(order.callers, async () => (await connection.status()).status)
    case 'call-recruit':
      return connection.fetch('Candidates?per_page=1').then(({ status }) => status, codeOf)
    case 'revoke':
      return connection.revoke().then(() => 'ok', codeOf)
  }
})
