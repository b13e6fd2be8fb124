/**
 * One process of the app under random operations: it does what it is asked and tells what came of
 * it.
 */
import type { RecruitOAuthEvent } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { appOn } from '../app.ts'
import { obey, say, settingsOf } from '../child.ts'
import { requestOf, type AuthorizationStart, type Callback } from '../consent.ts'
import { openStore, connected, type StorePlace } from '../stores.ts'
import { chanceOf } from '../year/chance.ts'
import type { ZohoAt } from '../zoho.ts'
import { readClock } from './clock.ts'
import type { Operation, StoreFailure, Throttle, TokenRequest, Verb } from './history.ts'
import { outcomeOf } from './outcome.ts'
import { readRecordFacts, type RecordFacts } from './record-facts.ts'
import { slowStore, type Slowness } from './slow-store.ts'
import { contexts, nameOf, refusedPath, spyingFetch, type Context } from './spy.ts'

export interface ProcessSettings {
  readonly name: string
  readonly place: StorePlace
  readonly zoho: ZohoAt
  readonly clockFile: string
  readonly keys: readonly string[]
  readonly seed: number
  readonly slowness: Slowness
}

export type ProcessOrder =
  | ({
      readonly do: 'operate'
      readonly number: number
      readonly verb: Verb
      readonly id?: string
    } & {
      /** Of a consent: a Self Client code, or the callback of a browser. */
      readonly code?: string
      readonly callback?: Callback
    })
  /** The first half of a consent in a browser. */
  | { readonly do: 'begin'; readonly id: string }
  | { readonly do: 'slow'; readonly slowness: Slowness }
  /** Resolves when nothing is under way in the background. */
  | { readonly do: 'settle' }
  | { readonly do: 'statuses'; readonly ids: readonly string[] }
  | { readonly do: 'facts'; readonly ids: readonly string[] }
  /** Ids of the rows that are pending, also those that only keep which callbacks were used. */
  | { readonly do: 'pending' }

export type Operated = Pick<Operation, 'begin' | 'end' | 'outcome' | 'accessToken'>
export type Begun = { readonly start: AuthorizationStart } | { readonly outcome: string }
export interface Statuses {
  readonly status: Readonly<Record<string, string>>
  readonly listed: Readonly<Record<string, string>>
  /** Connections that recovery has something to do about. */
  readonly pending: readonly string[]
}

/** What a process says without being asked. */
export type Word =
  | { readonly type: 'token-request'; readonly request: TokenRequest & { readonly id: number } }
  | { readonly type: 'store-failure'; readonly failure: StoreFailure }
  | { readonly type: 'throttle'; readonly throttle: Throttle }

const { name, place, zoho, clockFile, keys, seed, slowness } = settingsOf<ProcessSettings>()
const clock = readClock(clockFile)
const tell = (word: Word) => say(word)

const { store: opened } = await openStore(place)
await connected(opened)
const slow = slowStore(opened, chanceOf(seed), (doing) => {
  tell({ type: 'store-failure', failure: { process: name, doing, at: clock.now() } })
})
slow.become(slowness)
const store = withClockOffset(slow.store, () => -clock.skippedMs())

/**
 * Store time is the wall clock plus what was skipped, the shared clock counts from another origin.
 */
const originMs = Date.now() + clock.skippedMs() - clock.now()
const background = new Set<Promise<unknown>>()
const onEvent = (event: RecruitOAuthEvent) => {
  const { retryAt, connection } = event as {
    readonly retryAt?: number
    readonly connection: string
  }
  if (event.type !== 'refresh-failed' || event.code !== 'throttled' || retryAt === undefined) return
  tell({ type: 'throttle', throttle: { connection, at: clock.now(), until: retryAt - originMs } })
}
const app = appOn(store, zoho, {
  encryptionKeys: keys,
  monotonic: () => performance.now() + clock.skippedMs(),
  fetch: spyingFetch(clock, (request) =>
    tell({ type: 'token-request', request: { ...request, process: name } }),
  ),
  waitUntil: (work) => {
    const quiet = work.catch(() => undefined).finally(() => background.delete(quiet))
    background.add(quiet)
  },
  onEvent,
})

type Operate = Extract<ProcessOrder, { do: 'operate' }>
interface Result {
  readonly outcome: string
  readonly accessToken?: string
}

const callApi = async (id: string, path: string, context: Context): Promise<Result> => {
  const { status } = await app.connection(id).fetch(path, { signal: AbortSignal.timeout(60_000) })
  return {
    outcome: status === 200 ? 'ok' : `http-${status}`,
    ...(context.accessToken && { accessToken: context.accessToken }),
  }
}

/** A code of the answer is as good as a code of an error. */
const comeBack = async (callback: Callback): Promise<Result> => {
  const answer = await app.handle(requestOf(callback))
  if (!answer) throw new Error('the callback is not on a route')
  if (answer.status === 303) return { outcome: 'ok' }
  const { code } = (await answer.json()) as { readonly code?: string }
  return { outcome: code ?? `http-${answer.status}` }
}

const perform = async (
  { verb, id = '', code, callback }: Operate,
  context: Context,
): Promise<Result> => {
  if (verb === 'recover') return sweepResult(await app.recover())
  if (verb === 'reencrypt') return sweepResult(await app.reencryptAll())
  if (callback) return comeBack(callback)
  const connection = app.connection(id)
  switch (verb) {
    case 'accessToken':
      return { outcome: 'ok', accessToken: nameOf(await connection.accessToken()) }
    case 'fetch':
      return callApi(id, 'Candidates?per_page=1', context)
    case 'fetchRefused':
      return callApi(id, refusedPath, context)
    case 'refresh':
      await connection.refresh()
      return { outcome: 'ok' }
    case 'revoke':
      await connection.revoke()
      return { outcome: 'ok' }
    case 'forget':
      await connection.forget()
      return { outcome: 'ok' }
    case 'consent':
      await connection.exchangeSelfClientCode(code ?? '', { principal: id })
      return { outcome: 'ok' }
  }
}

const sweepResult = ({ failed }: Awaited<ReturnType<typeof app.recover>>): Result => ({
  outcome:
    failed.length === 0
      ? 'ok'
      : `failed: ${failed.map(({ id, error }) => `${id} ${error.code}`).join(', ')}`,
})

const operate = async (order: Operate): Promise<Operated> => {
  const begin = clock.now()
  const { number, id } = order
  const context: Context = {
    operation: number,
    wasRefused: false,
    ...(id !== undefined && { connection: id }),
  }
  const result = await contexts.run(context, () =>
    perform(order, context).catch((error: unknown) => ({ outcome: outcomeOf(error) })),
  )
  return { begin, end: clock.now(), ...result }
}

const begin = async (id: string): Promise<Begun> => {
  try {
    const { url, cookie } = await app.startAuthorization({ id, principal: id })
    return { start: { url, cookie } }
  } catch (error) {
    return { outcome: outcomeOf(error) }
  }
}

const settle = async (): Promise<void> => {
  while (background.size > 0) await Promise.race([Promise.all(background), sleep(100)])
  await slow.idle()
}

const statuses = async (ids: readonly string[]): Promise<Statuses> => {
  const status: Record<string, string> = {}
  for (const id of ids) {
    status[id] = await app
      .connection(id)
      .status()
      .then((one) => one.status, outcomeOf)
  }
  const { connections } = await app.connections({ limit: 1_000 })
  const { connections: pendingConnections } = await app.connections({ pending: true, limit: 1_000 })
  const pending = pendingConnections.map(({ id }) => id)
  return {
    status,
    pending,
    listed: Object.fromEntries(connections.map((one) => [one.id, one.unreadable ?? one.status])),
  }
}

const facts = async (ids: readonly string[]): Promise<Readonly<Record<string, RecordFacts>>> => {
  const all: Record<string, RecordFacts> = {}
  for (const id of ids) all[id] = await readRecordFacts(app, id)
  return all
}

obey(async (order: ProcessOrder): Promise<unknown> => {
  switch (order.do) {
    case 'operate':
      return operate(order)
    case 'begin':
      return begin(order.id)
    case 'slow':
      return slow.become(order.slowness)
    case 'settle':
      return settle()
    case 'statuses':
      return statuses(order.ids)
    case 'facts':
      return facts(order.ids)
    case 'pending':
      return (await opened.list({ pending: true, limit: 1_000 })).map(({ id }) => id)
  }
})
