import type { ServerResponse } from 'node:http'
import {
  createRecruitOAuth,
  type RecruitOAuthEvent,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { openBinding } from '../../src/client/consent/browser-binding.ts'
import { completeAuthorization, type CallbackRequest } from '../../src/client/consent/callback.ts'
import { createClientContext as engineOf, type ClientContext } from '../../src/client/context.ts'
import { configure } from '../../src/config/configure.ts'
import { createClientStore } from '../../src/store/client-rows.ts'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import { memoryStore } from '../../src/store/memory.ts'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import { onTestFinished } from 'vitest'
import { json, startServer, type Received, type Reply, type Server } from '../endpoints/server.ts'

export const second = 1_000
export const minute = 60_000
export const key = Buffer.alloc(32, 7).toString('base64')

const clientId = '1000.CLIENT'

let minted = 0
/** A token of Zoho's shape, never the same twice. */
export const mint = (kind: string): string =>
  `1000.${kind.padEnd(16, '0')}.${String(++minted).padStart(16, '0')}`

export const tokens =
  (facts: Record<string, unknown> = {}): Reply =>
  (response, request) =>
    json({
      access_token: mint('access'),
      token_type: 'Bearer',
      expires_in: 3600,
      api_domain: 'https://www.zohoapis.eu',
      ...facts,
    })(response, request)
/** What a code is exchanged for. */
export const grant =
  (facts: Record<string, unknown> = {}): Reply =>
  (response, request) =>
    tokens({ refresh_token: mint('refresh'), ...facts })(response, request)
export const refusal = (error: string, status = 200): Reply => json({ error }, status)
export const throttle = json(
  { error: 'Access Denied', error_description: 'too many', status: 'failure' },
  400,
)

/**
 * Time that a test can push: the monotonic clock of every process and the store's clock go along.
 */
export const pushedTime = () => {
  let pushed = 0
  return {
    push: (ms: number) => void (pushed += ms),
    monotonic: () => performance.now() + pushed,
    now: () => performance.timeOrigin + performance.now() + pushed,
  }
}

/** What the accounts server and the Recruit API say; each can be told anew. */
export interface Script {
  token: Reply
  revoke: Reply
  api: Reply
}

export interface House {
  readonly server: Server
  readonly script: Script
  readonly time: ReturnType<typeof pushedTime>
  /**
   * The rows of the client, under the app's ids. What the app passes as `store` is in `options()`.
   */
  readonly store: ConnectionStore
  readonly events: RecruitOAuthEvent[]
  /** Requests to the token endpoint. */
  readonly tokenCalls: () => readonly Received[]
  /** A process of its own: nothing but the store and the clock is shared. */
  readonly client: (options?: Partial<RecruitOAuthOptions>) => RecruitOAuth
  readonly options: (options?: Partial<RecruitOAuthOptions>) => RecruitOAuthOptions
}

export const apiOk: Reply = json({ data: [] })

/** A real server that is accounts server and API at once, and clients before it. */
export const house = async (
  facts: {
    store?: (inner: ConnectionStore) => ConnectionStore
    finished?: typeof onTestFinished
  } = {},
): Promise<House> => {
  const script: Script = { token: tokens(), revoke: json({ status: 'success' }), api: apiOk }
  const replyTo = (path: string | undefined): Reply => {
    if (path === '/oauth/v2/token') return script.token
    return path?.includes('revoke') ? script.revoke : script.api
  }
  const route = (response: ServerResponse, request: Received) =>
    replyTo(request.url.split('?')[0])(response, request)
  const server = await startServer(route)
  // Tests that run at once have a hook each.
  const finished = facts.finished ?? onTestFinished
  finished(() => server.close())
  const time = pushedTime()
  const inner = memoryStore({ now: time.now })
  const store = facts.store?.(inner) ?? inner
  const events: RecruitOAuthEvent[] = []
  const here = (apiDomain: string) => ({
    accountsServer: server.origin,
    apiDomain,
    recruitApi: `${server.origin}/recruit/v2`,
  })
  const options = (more: Partial<RecruitOAuthOptions> = {}): RecruitOAuthOptions => ({
    clientId,
    clientSecret: 'the-client-secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenter: 'eu',
    dataCenters: { eu: here('https://www.zohoapis.eu') },
    store,
    encryptionKeys: [key],
    connectionFor: () => ({ id: 'acme', principal: 'ann' }),
    onEvent: (event) => void events.push(event),
    monotonic: time.monotonic,
    ...more,
  })
  return {
    server,
    script,
    time,
    store: createClientStore(store, clientId),
    events,
    tokenCalls: () => server.received.filter(({ url }) => url === '/oauth/v2/token'),
    client: (more) => createRecruitOAuth(options(more)),
    options,
  }
}

/** Connects `acme` by a Self Client code, and forgets what the server saw until then. */
export const connect = async (
  { client, server, script }: House,
  facts: Record<string, unknown> = {},
  id = 'acme',
): Promise<void> => {
  const before = script.token
  script.token = grant(facts)
  await client().connection(id).exchangeSelfClientCode('1000.self.client', { principal: 'ann' })
  script.token = before
  server.received.length = 0
}

/** The stored record, opened. */
export const recordOf = async (
  { options }: Pick<House, 'options'>,
  id = 'acme',
): Promise<ConnectionRecord> => (await engineOf(configure(options())).repository.read(id)).record

/** The verbs below the routes, with the callback of a browser that came back. */
export const returning = async (
  options: RecruitOAuthOptions,
  ref = { id: 'acme', principal: 'ann' },
) => {
  const engine: ClientContext = engineOf(configure(options))
  const oauth = createRecruitOAuth(options)
  const { url, cookie } = await oauth.startAuthorization(ref)
  const state = new URL(url).searchParams.get('state') as string
  const binding = async () => {
    const opened = await openBinding(engine.config, cookie.name, cookie.value)
    if (!opened) throw new Error('the binding does not open')
    return opened
  }
  return {
    engine,
    url,
    cookie,
    state,
    binding,
    /** The callback with these parameters beside the state; `who` is signed in. */
    complete: async (parameters: Record<string, string> = { code: '1000.code' }, who = ref) =>
      complete(engine, {
        dangerousQuery: new URLSearchParams({ state, ...parameters }).toString(),
        readCookie: () => cookie,
        resolveUser: async () => who,
      }),
  }
}

/** Completes an authorization request. @throws the error of a refused callback */
export const complete = async (client: ClientContext, request: CallbackRequest): Promise<void> => {
  const result = await completeAuthorization(client, request)
  if (result.type === 'refused') throw result.error
}

/** The code of the error, or `ok`. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code?: string }) => String(error.code ?? error),
  )

/** How often each word comes. */
export const tally = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until it is so; the test's own deadline ends it otherwise. */
export const until = async (isSo: () => unknown): Promise<void> => {
  while (!(await isSo())) await pause(5)
}

/** No pause before a second request. */
export const hasty = {
  random: (length: number) =>
    length === 1 ? new Uint8Array(1) : crypto.getRandomValues(new Uint8Array(length)),
}

/** The refresh tokens in the revocation requests. */
export const revokedTokens = (home: Pick<House, 'server'>): (string | null)[] =>
  revocationRequests(home).map(({ form }) => form.get('token'))

export const revocationRequests = ({ server }: Pick<House, 'server'>): Received[] =>
  server.received.filter(({ url }) => url.includes('revoke'))
