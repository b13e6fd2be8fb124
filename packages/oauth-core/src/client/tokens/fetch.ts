import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import { isToken } from '../../internal/text.ts'
import type { ServableTokens } from '../../machine/decision.ts'
import type { WaitUntil } from '../../config/host.ts'
import { sha256 } from '../../internal/crypto.ts'
import { currentTokens, replaceToken } from './access-token.ts'
import { endpointCall, type ClientContext } from '../context.ts'
import { invalidArgument } from '../../config/invalid-option.ts'
import { peekRejection, toResponse } from './recruit-response.ts'
import { prepareInit, type PreparedInit } from './request-init.ts'

/**
 * Calls the Recruit API of the connection's data center with the connection's access token. Where
 * the API answers INVALID_TOKEN or AUTHENTICATION_FAILURE, it is called once more with another
 * token, if there is one. If that is refused too, the endpoint is at fault and the token stays in
 * use. A body that can't be replayed (a stream) is sent once. Redirects are refused: they would
 * carry the token elsewhere. The caller's abort ends the call at any point, but not a refresh,
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
  const answer = await peekRejection(response, tokens.dataCenter)
  if (!answer.tokenRejected) return answer.response
  const replacement = await requestReplacement(client, id, tokens, path, waitUntil)
  if (!replacement || prepared.isStream) return answer.response
  return send(client, replacement, path, prepared)
}

/**
 * Settles as `work` does, or rejects with the signal's reason. The work notices the signal by
 * itself.
 */
const abortable = <T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> => {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    const settle = () => signal.removeEventListener('abort', abort)
    work
      .finally(settle)
      .then(resolve, (error: unknown) => reject((signal.aborted ? signal.reason : error) as Error))
  })
}

/**
 * Another token set than the refused one; `undefined` where none can be had now: then Zoho's answer
 * says most.
 */
const requestReplacement = async (
  client: ClientContext,
  id: ConnectionId,
  { dataCenter, accessToken }: ServableTokens,
  path: string,
  waitUntil: WaitUntil,
): Promise<ServableTokens | undefined> => {
  const endpoint = await endpointOf(endpointCall(client, dataCenter, 0).dataCenter.recruitApi, path)
  try {
    const tokens = await replaceToken(
      client,
      id,
      { rejectedTokenId: accessToken.id, endpoint },
      waitUntil,
    )
    return tokens.accessToken.id === accessToken.id ? undefined : tokens
  } catch (error) {
    if (isRecruitOAuthError(error) && (error.remedy === 'retry' || error.source === 'network'))
      return undefined
    throw error
  }
}

/**
 * A short name for the endpoint: a hash of the first segment below the API, without ids and
 * queries. Methods and spellings of one segment share it.
 */
const endpointOf = async (recruitApi: string, path: string): Promise<string> => {
  const { pathname } = new URL(addressOf(recruitApi, path))
  const segments = pathname.slice(new URL(recruitApi).pathname.length).split('/')
  const segment = segments.find(Boolean) ?? ''
  return (await sha256(decoded(segment).toLowerCase())).slice(0, 16)
}

const decoded = (segment: string): string => {
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
  const { dataCenter } = endpointCall(client, tokens.dataCenter, 0)
  const headers = new Headers(prepared.headers)
  const token = tokens.accessToken.token.reveal()
  // `Headers` would quote a token with a strange character in its error.
  if (!isToken(token)) throw new RecruitOAuthError('record-unreadable')
  headers.set('authorization', `Zoho-oauthtoken ${token}`)
  const address = addressOf(dataCenter.recruitApi, path)
  return toResponse(
    await request(client, address, { ...prepared.init, headers, redirect: 'manual' }, tokens),
    tokens.dataCenter,
  )
}

const request = async (
  { config }: ClientContext,
  address: string,
  init: RequestInit,
  { dataCenter }: ServableTokens,
): Promise<unknown> => {
  try {
    return await config.fetch(address, init)
  } catch (error) {
    if (isRefusedByTransport(error))
      throw invalidArgument('init', 'has a header or an option that the HTTP client does not send')
    throw new RecruitOAuthError('recruit-unreachable', { dataCenter })
  }
}

/**
 * Codes of undici, Node's HTTP client, for a request that it did not send: a header of its own, a
 * wrong length.
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

const wrongPath = () =>
  invalidArgument('path', 'must lead into the Recruit API, such as `Candidates`')

/**
 * @throws `argument-invalid` for a path that leads out of the API, or would for a server that
 * decodes it once more.
 */
const checkPath = (path: unknown): void => {
  if (
    typeof path !== 'string' ||
    /^[a-z][a-z0-9+.-]*:|^\/\/|[\\\x00-\x20]|^[^?]*(%2[ef]|%5c|;)/i.test(path)
  )
    throw wrongPath()
}

/** @throws `argument-invalid` */
const addressOf = (recruitApi: string, path: string): string => {
  const address = `${recruitApi}/${path.replace(/^\//, '')}`
  if (!URL.parse(address)?.href.startsWith(`${recruitApi}/`)) throw wrongPath()
  return address
}
