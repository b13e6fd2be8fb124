import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import { missingScopes } from '../../domain/scopes.ts'
import { isProxyRefusal, isRequestRefusal, wasNeverSent } from '../../endpoints/transport-errors.ts'
import { isToken } from '../../internal/text.ts'
import type { ServableTokens } from '../../machine/decision.ts'
import type { WaitUntil } from '../../config/host.ts'
import { sha256 } from '../../internal/crypto.ts'
import { currentTokens, joinRefresh, readRecord } from './access-token.ts'
import { configuredDataCenter, type ClientContext } from '../context.ts'
import { invalidArgument } from '../../config/invalid-option.ts'
import {
  isIdempotent,
  lostResponse,
  peekRejection,
  toResponse,
  type SentRequest,
} from './recruit-response.ts'
import { checkPath, recruitUrlOf } from './recruit-url.ts'
import { prepareInit, type PreparedInit } from './request-init.ts'

/** One call of an app. */
interface Call {
  readonly client: ClientContext
  readonly id: ConnectionId
  readonly path: string
  readonly prepared: PreparedInit
  readonly waitUntil: WaitUntil
}

/**
 * Calls the Recruit API of the connection's data center with the connection's access token. If the
 * API says that it refused the token, the call is repeated once with a new token, if there is one.
 * If that token is refused too, the endpoint is at fault, and the token stays in use. A body that
 * is a stream is sent once. Redirects are refused, because they would send the token to another
 * host. The caller's signal aborts the call at any time, but not a refresh, because other callers
 * wait for it.
 */
export const fetchRecruit = async (
  client: ClientContext,
  id: ConnectionId,
  dangerousPath: string,
  dangerousInit: unknown,
  waitUntil: WaitUntil,
): Promise<Response> => {
  const path = checkPath(dangerousPath)
  const prepared = prepareInit(dangerousInit)
  prepared.signal?.throwIfAborted()
  return abortable(prepared.signal, callRecruit({ client, id, path, prepared, waitUntil }))
}

const callRecruit = async (call: Call): Promise<Response> => {
  const { client, id, prepared, waitUntil } = call
  const tokens = await currentTokens(client, id, waitUntil)
  const received = await send(call, tokens)
  const sent = sentRequest(prepared, tokens)
  const { response, isTokenRejected } = await peekRejection(received, sent)
  if (!isTokenRejected) return response
  const replacement = await requestReplacement(call, tokens)
  // With status 401 nothing was done. For other statuses no page of Zoho says so.
  const canRepeat = !prepared.isStream && (response.status === 401 || isIdempotent(prepared.method))
  if (!replacement || !canRepeat) return response
  return send(call, replacement)
}

const sentRequest = ({ method }: PreparedInit, { dataCenter }: ServableTokens): SentRequest => ({
  method,
  dataCenter,
})

/**
 * Settles as `work` does, or rejects with the signal's reason. It does not end the work, which
 * checks the signal itself.
 */
const abortable = <T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> => {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    const stopListening = () => signal.removeEventListener('abort', abort)
    const fail = (error: unknown) => reject((signal.aborted ? signal.reason : error) as Error)
    work.finally(stopListening).then(resolve, fail)
  })
}

/**
 * A token set with another access token than the refused one. `undefined`: there is none now, so
 * the caller of `fetch` gets Zoho's response.
 */
const requestReplacement = async (
  { client, id, path, prepared, waitUntil }: Call,
  { dataCenter, accessToken }: ServableTokens,
): Promise<ServableTokens | undefined> => {
  const addresses = configuredDataCenter(client, dataCenter)
  const { href } = recruitUrlOf(addresses, path, prepared.server)
  const endpoint = await endpointOf(addresses.recruitApi, href)
  const refreshRequest = { rejectedTokenId: accessToken.id, endpoint }
  try {
    const tokens = await joinRefresh(client, id, refreshRequest, waitUntil)
    return tokens.accessToken.id === accessToken.id ? undefined : tokens
  } catch (error) {
    const isTemporary =
      isRecruitOAuthError(error) && (error.remedy === 'retry' || error.source === 'network')
    if (isTemporary) return undefined
    throw error
  }
}

/**
 * A short name for the endpoint: a hash of the first path segment below the v2 API. Ids, the query,
 * the method, and the case and encoding of the segment do not change it. Other APIs have more
 * segments before the ids, for example `/recruit/bulk/v2/read`.
 */
const endpointOf = async (recruitApi: string, href: string): Promise<string> => {
  const isV2 = href.startsWith(`${recruitApi}/`)
  const url = new URL(href)
  const path = isV2 ? url.pathname.slice(new URL(recruitApi).pathname.length) : url.pathname
  const segments = path.split('/').filter(Boolean)
  const name = isV2 ? (segments[0] ?? '') : [url.origin, ...segments.slice(0, 4)].join('/')
  const hash = await sha256(decodeSegment(name).toLowerCase())
  return hash.slice(0, 16)
}

const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const send = async (call: Call, tokens: ServableTokens): Promise<Response> => {
  const { client, path, prepared } = call
  prepared.signal?.throwIfAborted()
  const addresses = configuredDataCenter(client, tokens.dataCenter)
  const { href, isUpload } = recruitUrlOf(addresses, path, prepared.server)
  const headers = new Headers(prepared.headers)
  const token = tokens.accessToken.token.reveal()
  // The error of `Headers` would quote a token with an invalid character.
  if (!isToken(token)) throw new RecruitOAuthError('record-unreadable')
  headers.set('authorization', `Zoho-oauthtoken ${token}`)
  if (isUpload && !headers.has(organizationHeader))
    headers.set(organizationHeader, await organizationIdOf(call, tokens))
  const init: RequestInit = { ...prepared.init, headers, redirect: 'manual' }
  const sent = sentRequest(prepared, tokens)
  const response = await request(client, href, init, sent)
  return toResponse(response, sent)
}

/**
 * Zoho's id of the organization, which uploads need.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html
 */
const organizationHeader = 'x-recruit-org'

/** The stored id of the organization. @throws `scope-missing`, `argument-invalid` */
const organizationIdOf = async (
  { client, id, waitUntil }: Call,
  { scopes, dataCenter }: ServableTokens,
): Promise<string> => {
  const { identity } = await readRecord(client, id, waitUntil)
  const organizationId = identity?.organizationId
  if (organizationId !== undefined && /^[!-~]+$/.test(organizationId)) return organizationId
  const missing = missingScopes(scopes, ['ZohoRecruit.org.READ'])
  if (missing.length > 0)
    throw new RecruitOAuthError('scope-missing', {
      dataCenter,
      summary:
        "An upload needs the organization's id (`X-RECRUIT-ORG`), and without the scope " +
        `${missing.join()} or ZohoRecruit.org.ALL it cannot be read.`,
    })
  throw invalidArgument(
    'init.headers',
    'needs `X-RECRUIT-ORG`, because Zoho gave no `zgid` of the organization at the last consent',
  )
}

const request = async (
  { config }: ClientContext,
  url: string,
  init: RequestInit,
  sent: SentRequest,
): Promise<unknown> => {
  const { dataCenter } = sent
  try {
    return await config.fetch(url, init)
  } catch (error) {
    if (isRequestRefusal(error))
      throw invalidArgument('init', 'has a header or an option that the HTTP client does not send')
    if (isProxyRefusal(error))
      throw new RecruitOAuthError('proxy-authentication-required', { dataCenter })
    throw wasNeverSent(error)
      ? new RecruitOAuthError('recruit-unreachable', { dataCenter })
      : lostResponse(sent)
  }
}
