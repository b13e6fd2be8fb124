/** One process of the app for random operations. */
import type { RecruitOAuthEvent } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { createApp } from '../app.ts'
import { readSettings, sendEvent, serveCommands } from '../child.ts'
import { requestOf, type AuthorizationStart, type Callback } from '../consent.ts'
import { openStore, waitForStore, type StoreLocation } from '../stores.ts'
import { createRandom } from '../year/random.ts'
import type { ZohoAddress } from '../zoho.ts'
import { readClock } from './clock.ts'
import type { Operation, StoreFailure, Throttle, TokenRequest, Verb } from './history.ts'
import { outcomeOf } from './outcome.ts'
import { readRecordFacts, type RecordFacts } from './record-facts.ts'
import { slowStore, type Slowness } from './slow-store.ts'
import { contexts, nameOf, refusedPath, recordingFetch, type Context } from './spy.ts'

export interface ProcessSettings {
  readonly name: string
  readonly location: StoreLocation
  readonly zoho: ZohoAddress
  readonly clockFile: string
  readonly keys: readonly string[]
  readonly seed: number
  readonly slowness: Slowness
}

export type ProcessCommand =
  | ({
      readonly do: 'operate'
      readonly number: number
      readonly verb: Verb
      readonly id?: string
    } & {
      /** For a consent: a Self Client code, or the callback of a browser. */
      readonly code?: string
      readonly callback?: Callback
    })
  /** Starts an authorization for a browser. */
  | { readonly do: 'start'; readonly id: string }
  | { readonly do: 'slow'; readonly slowness: Slowness }
  /** Waits until no background work is left. */
  | { readonly do: 'settle' }
  | { readonly do: 'statuses'; readonly ids: readonly string[] }
  | { readonly do: 'facts'; readonly ids: readonly string[] }
  /** Ids of pending rows, including rows that only remember used callbacks. */
  | { readonly do: 'pending' }

export type PerformResult = Pick<Operation, 'begin' | 'end' | 'outcome' | 'accessToken'>
export type StartResult = { readonly start: AuthorizationStart } | { readonly outcome: string }
export interface Statuses {
  readonly status: Readonly<Record<string, string>>
  readonly listed: Readonly<Record<string, string>>
  /** Connections that `recover()` must work on. */
  readonly pending: readonly string[]
}

/** Events that a process sends to the driver. */
export type ProcessEvent =
  | { readonly type: 'token-request'; readonly request: TokenRequest & { readonly id: number } }
  | { readonly type: 'store-failure'; readonly failure: StoreFailure }
  | { readonly type: 'throttle'; readonly throttle: Throttle }

const { name, location, zoho, clockFile, keys, seed, slowness } = readSettings<ProcessSettings>()
const clock = readClock(clockFile)
const report = (event: ProcessEvent): void => void sendEvent(event)

const { store: opened } = await openStore(location)
await waitForStore(opened)
const slow = slowStore(opened, createRandom(seed), (doing) => {
  report({ type: 'store-failure', failure: { process: name, doing, at: clock.now() } })
})
slow.setSlowness(slowness)
const store = withClockOffset(slow.store, () => -clock.skippedMs())

/** The difference between store time (the wall clock plus skipped time) and the shared clock. */
const originMs = Date.now() + clock.skippedMs() - clock.now()
const background = new Set<Promise<unknown>>()
const onEvent = (event: RecruitOAuthEvent) => {
  const { retryAt, connection } = event as {
    readonly retryAt?: number
    readonly connection: string
  }
  if (event.type !== 'refresh-failed' || event.code !== 'throttled' || retryAt === undefined) return
  report({
    type: 'throttle',
    throttle: { connection, at: clock.now(), until: retryAt - originMs },
  })
}
const app = createApp(store, zoho, {
  encryptionKeys: keys,
  monotonic: () => performance.now() + clock.skippedMs(),
  fetch: recordingFetch(clock, (request) =>
    report({ type: 'token-request', request: { ...request, process: name } }),
  ),
  waitUntil: (work) => {
    const quiet = work.catch(() => undefined).finally(() => background.delete(quiet))
    background.add(quiet)
  },
  onEvent,
})

type Operate = Extract<ProcessCommand, { do: 'operate' }>
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

/** Sends the callback of a browser. The outcome is the code in the response. */
const sendCallback = async (callback: Callback): Promise<Result> => {
  const response = await app.handle(requestOf(callback))
  if (!response) throw new Error('the callback is not on a route')
  if (response.status === 303) return { outcome: 'ok' }
  const { code } = (await response.json()) as { readonly code?: string }
  return { outcome: code ?? `http-${response.status}` }
}

const perform = async (
  { verb, id = '', code, callback }: Operate,
  context: Context,
): Promise<Result> => {
  if (verb === 'recover') return batchOutcome(await app.recover())
  if (verb === 'reencrypt') return batchOutcome(await app.reencryptAll())
  if (callback) return sendCallback(callback)
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

const batchOutcome = ({ failed }: Awaited<ReturnType<typeof app.recover>>): Result => ({
  outcome:
    failed.length === 0
      ? 'ok'
      : `failed: ${failed.map(({ id, error }) => `${id} ${error.code}`).join(', ')}`,
})

const operate = async (command: Operate): Promise<PerformResult> => {
  const begin = clock.now()
  const { number, id } = command
  const context: Context = {
    operation: number,
    wasRefused: false,
    ...(id !== undefined && { connection: id }),
  }
  const result = await contexts.run(context, () =>
    perform(command, context).catch((error: unknown) => ({ outcome: outcomeOf(error) })),
  )
  return { begin, end: clock.now(), ...result }
}

const startAuthorization = async (id: string): Promise<StartResult> => {
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
      .then((state) => state.status, outcomeOf)
  }
  const { connections } = await app.connections({ limit: 1_000 })
  const { connections: pendingConnections } = await app.connections({ pending: true, limit: 1_000 })
  const pending = pendingConnections.map(({ id }) => id)
  return {
    status,
    pending,
    listed: Object.fromEntries(
      connections.map((listed) => [listed.id, listed.unreadable ?? listed.status]),
    ),
  }
}

const facts = async (ids: readonly string[]): Promise<Readonly<Record<string, RecordFacts>>> => {
  const all: Record<string, RecordFacts> = {}
  for (const id of ids) all[id] = await readRecordFacts(app, id)
  return all
}

serveCommands(async (command: ProcessCommand): Promise<unknown> => {
  switch (command.do) {
    case 'operate':
      return operate(command)
    case 'start':
      return startAuthorization(command.id)
    case 'slow':
      return slow.setSlowness(command.slowness)
    case 'settle':
      return settle()
    case 'statuses':
      return statuses(command.ids)
    case 'facts':
      return facts(command.ids)
    case 'pending':
      return (await opened.list({ pending: true, limit: 1_000 })).map(({ id }) => id)
  }
})
