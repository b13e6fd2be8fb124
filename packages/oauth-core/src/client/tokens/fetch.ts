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
  type PeekedResponse,
  type SentRequest,
} from './recruit-response.ts'
import { checkPath, ownServers, recruitUrlOf } from './recruit-url.ts'
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
 * The response to the second call is returned whatever it says: if it refuses the new token too,
 * the endpoint may be at fault, and the token stays in use. A body that is a stream is sent once.
 * Redirects are refused, because they would send the token to another host. The caller's signal
 * aborts the call at any time, but not a refresh, because other callers wait for it.
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
  const { response, isTokenRejected } = await send(call, tokens)
  if (!isTokenRejected) return response
  const replacement = await requestReplacement(call, tokens)
  // With status 401 nothing was done. For other statuses no page of Zoho says so.
  const canRepeat = !prepared.isStream && (response.status === 401 || isIdempotent(prepared.method))
  if (!replacement || !canRepeat) return response
  return (await send(call, replacement)).response
}

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
 * the method, and the case and encoding of the segment do not change it. Outside of the v2 API, it
 * is a hash of the origin and of the segments before the first id, at most four:
 * `/recruit/bulk/v2/read`.
 */
const endpointOf = async (recruitApi: string, href: string): Promise<string> => {
  const isV2 = href.startsWith(`${recruitApi}/`)
  const url = new URL(href)
  const path = isV2 ? url.pathname.slice(new URL(recruitApi).pathname.length) : url.pathname
  const segments = path.split('/').filter(Boolean)
  const idIndex = segments.findIndex((segment) => /^\d+$/.test(segment))
  const end = idIndex < 0 ? 4 : Math.min(idIndex, 4)
  const name = isV2 ? (segments[0] ?? '') : [url.origin, ...segments.slice(0, end)].join('/')
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

const send = async (call: Call, tokens: ServableTokens): Promise<PeekedResponse> => {
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
  const { method } = prepared
  const { dataCenter } = tokens
  const sent = { method, href, dataCenter, ownServers: ownServers(addresses) }
  const response = await request(client, init, sent, prepared.isStream)
  return peekRejection(await toResponse(response, sent), sent)
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
  const hasScope = missingScopes(scopes, ['ZohoRecruit.org.READ']).length === 0
  if (hasScope)
    throw invalidArgument(
      'init.headers',
      "needs `X-RECRUIT-ORG`, because the organization's id is not known for this connection",
      'Connect again, or set `X-RECRUIT-ORG` yourself.',
    )
  throw new RecruitOAuthError('scope-missing', {
    dataCenter,
    summary:
      "An upload needs the organization's id (`X-RECRUIT-ORG`), and this connection has neither " +
      'the scope ZohoRecruit.org.ALL nor ZohoRecruit.org.READ to read it.',
    hint: 'Add ZohoRecruit.org.ALL to `scopes`, then send the user to /connect.',
  })
}

const request = async (
  { config }: ClientContext,
  init: RequestInit,
  sent: SentRequest,
  isStream: boolean,
): Promise<unknown> => {
  const { dataCenter, href } = sent
  try {
    return await config.fetch(href, init)
  } catch (error) {
    // A stream can have been sent in part before the client refused it.
    if (isRequestRefusal(error) && !isStream)
      throw invalidArgument('init', 'has a header or an option that the HTTP client does not send')
    if (isProxyRefusal(error))
      throw new RecruitOAuthError('proxy-authentication-required', { dataCenter })
    throw wasNeverSent(error)
      ? new RecruitOAuthError('recruit-unreachable', { dataCenter })
      : lostResponse(sent)
  }
}
