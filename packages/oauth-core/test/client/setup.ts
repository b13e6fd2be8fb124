import type { ServerResponse } from 'node:http'
import {
  createRecruitOAuth,
  type RecruitOAuthEvent,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { openBinding } from '../../src/client/consent/browser-binding.ts'
import { completeAuthorization, type CallbackRequest } from '../../src/client/consent/callback.ts'
import { createClientContext, type ClientContext } from '../../src/client/context.ts'
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
/** A token in the format of Zoho, different each time. */
export const uniqueToken = (kind: string): string =>
  `1000.${kind.padEnd(16, '0')}.${String(++minted).padStart(16, '0')}`

/** The response to a refresh token. */
export const tokens =
  (fields: Record<string, unknown> = {}): Reply =>
  (response, request) =>
    json({
      access_token: uniqueToken('access'),
      token_type: 'Bearer',
      expires_in: 3600,
      api_domain: 'https://www.zohoapis.eu',
      ...fields,
    })(response, request)
/** The response to an authorization code. */
export const grant =
  (fields: Record<string, unknown> = {}): Reply =>
  (response, request) =>
    tokens({ refresh_token: uniqueToken('refresh'), ...fields })(response, request)
export const refusal = (error: string, status = 200): Reply => json({ error }, status)
export const throttle = json(
  { error: 'Access Denied', error_description: 'too many', status: 'failure' },
  400,
)

/** A clock that a test can advance: the monotonic clock of all processes and the store's clock. */
export const createClock = () => {
  let advancedMs = 0
  return {
    advance: (ms: number) => void (advancedMs += ms),
    monotonic: () => performance.now() + advancedMs,
    now: () => performance.timeOrigin + performance.now() + advancedMs,
  }
}

/** The replies of the accounts server and the Recruit API, which a test can replace. */
export interface Script {
  token: Reply
  revoke: Reply
  api: Reply
}

export interface Setup {
  readonly server: Server
  readonly script: Script
  readonly time: ReturnType<typeof createClock>
  /** The rows of the client, under the ids of the app. The store of the app is in `options()`. */
  readonly store: ConnectionStore
  readonly events: RecruitOAuthEvent[]
  /** Requests to the token endpoint. */
  readonly tokenCalls: () => readonly Received[]
  /** A new process: it shares only the store and the clock with the others. */
  readonly client: (options?: Partial<RecruitOAuthOptions>) => RecruitOAuth
  readonly options: (options?: Partial<RecruitOAuthOptions>) => RecruitOAuthOptions
}

export const apiOk: Reply = json({ data: [] })

/** A real server, which is both accounts server and API, and clients that use it. */
export const startSetup = async (
  settings: {
    store?: (inner: ConnectionStore) => ConnectionStore
    finished?: typeof onTestFinished
  } = {},
): Promise<Setup> => {
  const script: Script = { token: tokens(), revoke: json({ status: 'success' }), api: apiOk }
  const replyTo = (path: string | undefined): Reply => {
    if (path === '/oauth/v2/token') return script.token
    return path?.includes('revoke') ? script.revoke : script.api
  }
  const route = (response: ServerResponse, request: Received) =>
    replyTo(request.url.split('?')[0])(response, request)
  const server = await startServer(route)
  // A concurrent test passes the hook of its own context.
  const finished = settings.finished ?? onTestFinished
  finished(() => server.close())
  const time = createClock()
  const inner = memoryStore({ now: time.now })
  const store = settings.store?.(inner) ?? inner
  const events: RecruitOAuthEvent[] = []
  const dataCenterOf = (apiDomain: string) => ({
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
    dataCenters: { eu: dataCenterOf('https://www.zohoapis.eu') },
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

/** Connects `acme` with a Self Client code, and clears the requests that the server received. */
export const connect = async (
  { client, server, script }: Setup,
  fields: Record<string, unknown> = {},
  id = 'acme',
): Promise<void> => {
  const before = script.token
  script.token = grant(fields)
  await client().connection(id).exchangeSelfClientCode('1000.self.client', { principal: 'ann' })
  script.token = before
  server.received.length = 0
}

/** The stored record, decrypted. */
export const recordOf = async (
  { options }: Pick<Setup, 'options'>,
  id = 'acme',
): Promise<ConnectionRecord> =>
  (await createClientContext(configure(options())).repository.read(id)).record

/** A consent that a browser began, without routes. `complete()` is its callback. */
export const startConsent = async (
  options: RecruitOAuthOptions,
  ref = { id: 'acme', principal: 'ann' },
) => {
  const context: ClientContext = createClientContext(configure(options))
  const oauth = createRecruitOAuth(options)
  const { url, cookie } = await oauth.startAuthorization(ref)
  const state = new URL(url).searchParams.get('state') as string
  const binding = async () => {
    const opened = await openBinding(context.config, cookie.name, cookie.value)
    if (!opened || !('state' in opened)) throw new Error('the binding does not open')
    return opened
  }
  return {
    context,
    url,
    cookie,
    state,
    binding,
    /** The callback with the state and these parameters, while `who` is signed in. */
    complete: async (parameters: Record<string, string> = { code: '1000.code' }, who = ref) =>
      complete(context, {
        dangerousQuery: new URLSearchParams({ state, ...parameters }).toString(),
        readCookie: () => cookie,
        findConnection: async () => who,
        mayLackStrictCookies: false,
      }),
  }
}

/** Completes an authorization request. @throws the error of a refused callback */
export const complete = async (client: ClientContext, request: CallbackRequest): Promise<void> => {
  const result = await completeAuthorization(client, request)
  if (result.type === 'refused') throw result.error
}

/** The code of the error with which the work rejects; `ok` if it resolves. */
export const errorCodeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: { code?: string }) => String(error.code ?? error),
  )

/** Counts how often each word occurs. */
export const tally = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until `isSo` is true, or until the test times out. */
export const until = async (isSo: () => unknown): Promise<void> => {
  while (!(await isSo())) await pause(5)
}

/** Options without a random pause before a second request. */
export const withoutJitter = {
  random: (length: number) =>
    length === 1 ? new Uint8Array(1) : crypto.getRandomValues(new Uint8Array(length)),
}

/** The refresh tokens in the revocation requests. */
export const revokedTokens = (setup: Pick<Setup, 'server'>): (string | null)[] =>
  revocationRequests(setup).map(({ form }) => form.get('token'))

export const revocationRequests = ({ server }: Pick<Setup, 'server'>): Received[] =>
  server.received.filter(({ url }) => url.includes('revoke'))
