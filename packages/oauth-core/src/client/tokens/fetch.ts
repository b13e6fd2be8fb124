import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import { isToken } from '../../internal/text.ts'
import type { ServableTokens } from '../../machine/decision.ts'
import type { WaitUntil } from '../../config/host.ts'
import { sha256 } from '../../internal/crypto.ts'
import { currentTokens, joinRefresh } from './access-token.ts'
import { configuredDataCenter, type ClientContext } from '../context.ts'
import { invalidArgument } from '../../config/invalid-option.ts'
import { peekRejection, toResponse } from './recruit-response.ts'
import { prepareInit, type PreparedInit } from './request-init.ts'

/**
 * Calls the Recruit API of the connection's data center with the connection's access token. If the
 * API answers INVALID_TOKEN or AUTHENTICATION_FAILURE, the call is repeated once with a new token,
 * if there is one. If that token is refused too, the endpoint is at fault, and the token stays in
 * use. A body that is a stream is sent once. Redirects are refused, because they would send the
 * token to another host. The caller's signal aborts the call at any time, but not a refresh,
 * because other callers wait for it.
 */
export const fetchRecruit = async (
  client: ClientContext,
  id: ConnectionId,
  path: string,
  dangerousInit: unknown,
  waitUntil: WaitUntil,
): Promise<Response> => {
  checkPath(path)
  const prepared = prepareInit(dangerousInit)
  prepared.signal?.throwIfAborted()
  return abortable(prepared.signal, callRecruit(client, id, path, prepared, waitUntil))
}

const callRecruit = async (
  client: ClientContext,
  id: ConnectionId,
  path: string,
  prepared: PreparedInit,
  waitUntil: WaitUntil,
): Promise<Response> => {
  const tokens = await currentTokens(client, id, waitUntil)
  const response = await send(client, tokens, path, prepared)
  if (response.status !== 401) return response
  const rejection = await peekRejection(response, tokens.dataCenter)
  if (!rejection.isTokenRejected) return rejection.response
  const replacement = await requestReplacement(client, id, tokens, path, waitUntil)
  if (!replacement || prepared.isStream) return rejection.response
  return send(client, replacement, path, prepared)
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
  client: ClientContext,
  id: ConnectionId,
  { dataCenter, accessToken }: ServableTokens,
  path: string,
  waitUntil: WaitUntil,
): Promise<ServableTokens | undefined> => {
  const { recruitApi } = configuredDataCenter(client, dataCenter)
  const endpoint = await endpointOf(recruitApi, path)
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
 * A short name for the endpoint: a hash of the first path segment below the API. Ids, the query,
 * the method, and the case and encoding of the segment do not change it.
 */
const endpointOf = async (recruitApi: string, path: string): Promise<string> => {
  const { pathname } = new URL(urlOf(recruitApi, path))
  const segments = pathname.slice(new URL(recruitApi).pathname.length).split('/')
  const segment = segments.find(Boolean) ?? ''
  const hash = await sha256(decodeSegment(segment).toLowerCase())
  return hash.slice(0, 16)
}

const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const send = async (
  client: ClientContext,
  tokens: ServableTokens,
  path: string,
  prepared: PreparedInit,
): Promise<Response> => {
  prepared.signal?.throwIfAborted()
  const { recruitApi } = configuredDataCenter(client, tokens.dataCenter)
  const headers = new Headers(prepared.headers)
  const token = tokens.accessToken.token.reveal()
  // The error of `Headers` would quote a token with an invalid character.
  if (!isToken(token)) throw new RecruitOAuthError('record-unreadable')
  headers.set('authorization', `Zoho-oauthtoken ${token}`)
  const url = urlOf(recruitApi, path)
  const init: RequestInit = { ...prepared.init, headers, redirect: 'manual' }
  const response = await request(client, url, init, tokens)
  return toResponse(response, tokens.dataCenter)
}

const request = async (
  { config }: ClientContext,
  url: string,
  init: RequestInit,
  { dataCenter }: ServableTokens,
): Promise<unknown> => {
  try {
    return await config.fetch(url, init)
  } catch (error) {
    if (isRefusedByTransport(error))
      throw invalidArgument('init', 'has a header or an option that the HTTP client does not send')
    throw new RecruitOAuthError('recruit-unreachable', { dataCenter })
  }
}

/**
 * Error codes of undici, Node's HTTP client, for a request that it refuses to send: because of a
 * header that only undici may set, or a wrong content length.
 */
const transportRefusals = new Set<unknown>([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

const isRefusedByTransport = (error: unknown): boolean => {
  try {
    return transportRefusals.has(
      (error as { readonly cause?: { readonly code?: unknown } }).cause?.code,
    )
  } catch {
    return false
  }
}

const invalidPath = () =>
  invalidArgument('path', 'must be a path of the Recruit API, such as `Candidates`')

/** An absolute URL, or a URL of another host. */
const absoluteUrl = /^[a-z][a-z0-9+.-]*:|^\/\//i
/** A backslash, a space or a control character. */
const forbiddenCharacter = /[\\\x00-\x20]/
/** `.`, `/` or `\` percent-encoded, or a semicolon, before the query. */
const encodedPathSyntax = /^[^?]*(%2[ef]|%5c|;)/i

/**
 * Refuses a path that leads out of the API, even if it does so only on a server that decodes the
 * path twice.
 * @throws `argument-invalid`
 */
const checkPath = (path: unknown): void => {
  const isInvalid =
    typeof path !== 'string' ||
    absoluteUrl.test(path) ||
    forbiddenCharacter.test(path) ||
    encodedPathSyntax.test(path)
  if (isInvalid) throw invalidPath()
}

/** The URL of a path below the API. @throws `argument-invalid` if the URL is not below it */
const urlOf = (recruitApi: string, path: string): string => {
  const url = `${recruitApi}/${path.replace(/^\//, '')}`
  const isBelowApi = URL.parse(url)?.href.startsWith(`${recruitApi}/`)
  if (!isBelowApi) throw invalidPath()
  return url
}
