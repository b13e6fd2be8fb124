import { createRecruitOAuth } from '../../src/index.ts'
import { toErrorCode } from '../../src/endpoints/error-codes.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { callEndpoint, callTo } from '../endpoints/calls.ts'

// This code runs inside each runtime. It is bundled, so it cannot import modules of Node or vitest.

/**
 * A request to `origin`. If `isWarm`, it follows another request, so that a connection is already
 * open.
 */
export interface EndpointRequest {
  readonly verb: keyof typeof callEndpoint
  readonly origin: string
  readonly deadlineMs: number
  readonly isWarm: boolean
}

export interface Outcome {
  readonly ok: boolean
  readonly code?: string
  readonly status?: number
  readonly requestMayHaveBeenSent?: boolean
  readonly retryAfterMs?: number
  readonly zohoError?: string
  readonly calls: number
  readonly tookMs: number
}

const outcomeOf = async ({
  verb,
  origin,
  deadlineMs,
  isWarm,
}: EndpointRequest): Promise<Outcome> => {
  if (isWarm) await callEndpoint.refresh(callTo(origin))
  const startedAt = performance.now()
  const outcome = await callEndpoint[verb](callTo(origin, { deadlineMs }))
  const tookMs = performance.now() - startedAt
  const { calls } = outcome
  if (outcome.ok) return { ok: true, calls, tookMs }
  const { reason, ...failure } = outcome.failure
  return { ok: false, code: toErrorCode(reason), ...failure, calls, tookMs }
}

/** Sends all requests at once. @public to the bundle */
export const sendAll = (requests: readonly EndpointRequest[]): Promise<Outcome[]> =>
  Promise.all(requests.map(outcomeOf))

/**
 * Runs consent, API calls, refresh and revocation through the client and its routes, with a server
 * at `origin`. Returns the outcome of each step. @public to the bundle
 */
export const runWholeLife = async (origin: string): Promise<Record<string, unknown>> => {
  const base = 'https://app.example.com/zoho'
  const zoho = createRecruitOAuth({
    clientId: '1000.CLIENT',
    clientSecret: 'the-client-secret',
    redirectUri: `${base}/callback`,
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenter: 'eu',
    dataCenters: {
      eu: {
        accountsServer: origin,
        apiDomain: 'https://www.zohoapis.eu',
        recruitApi: `${origin}/recruit/v2`,
      },
    },
    store: memoryStore(),
    encryptionKeys: ['AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='],
    connectionFor: () => ({ id: 'acme', principal: 'ann' }),
  })
  const errorCodeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: { code?: string }) => String(error.code ?? error),
    )
  const { url, setCookie } = await zoho.startAuthorization({ id: 'acme', principal: 'ann' })
  const query = new URLSearchParams({
    code: '1000.code',
    state: new URL(url).searchParams.get('state') ?? '',
    location: 'eu',
    'accounts-server': origin,
  })
  const callback = () =>
    zoho.handle(
      new Request(`${base}/callback?${query}`, {
        headers: { cookie: setCookie.split(';')[0] ?? '' },
      }),
    )
  const acme = zoho.connection('acme')
  return {
    'the callback': (await callback())?.status,
    'the callback again': (await callback())?.status,
    'a call': await acme.fetch('org').then((response) => response.json()),
    'a call that is redirected': await errorCodeOf(acme.fetch('moved')),
    'a refresh': await errorCodeOf(acme.refresh()),
    'a revocation': await errorCodeOf(acme.revoke()),
    'a token afterwards': await errorCodeOf(acme.accessToken()),
    'the status': (await acme.status()).status,
  }
}
