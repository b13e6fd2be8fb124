import { isRecruitOAuthError, RecruitOAuthError } from '../errors/index.ts'
import { isToken, parseMembers, type ConnectionId } from '../domain/index.ts'
import type { ServableTokens } from '../machine/index.ts'
import type { WaitUntil } from '../ports/index.ts'
import { isRedirect, readBounded, sha256 } from '../wire/index.ts'
import { currentTokens, otherTokens } from './access-token.ts'
import { callTo, type Engine } from './engine.ts'
import { wrongArgument } from './invalid-option.ts'

/** What a request to the Recruit API may carry: that of `fetch`, with an address relative to the API. */
export type RecruitRequestInit = Omit<RequestInit, 'redirect'> & { readonly duplex?: 'half' }

/**
 * Calls the Recruit API of the connection's data center with the connection's access token. Where the API answers
 * INVALID_TOKEN or AUTHENTICATION_FAILURE, it is called once more with another token, if one can be had: refused again,
 * the endpoint is at fault, and the token goes on serving. A body that can't be replayed (a stream) is sent once.
 * Redirects are refused: they would carry the token elsewhere.
 */
export const fetchRecruit = async (engine: Engine, id: ConnectionId, path: string, init: RecruitRequestInit, waitUntil: WaitUntil): Promise<Response> => {
  const tokens = await currentTokens(engine, id, waitUntil)
  const response = await send(engine, tokens, path, init)
  if (response.status !== 401) return response
  const answer = await reopened(response)
  if (!answer.tokenRejected) return answer.response
  const replacement = await replaceTokens(engine, id, tokens, path, waitUntil)
  if (!replacement || isStream(init.body)) return answer.response
  return send(engine, replacement, path, init)
}

/** Another token set than the refused one; `undefined` where none can be had now: then Zoho's answer says most. */
const replaceTokens = async (
  engine: Engine,
  id: ConnectionId,
  { dataCenter, accessToken }: ServableTokens,
  path: string,
  waitUntil: WaitUntil,
): Promise<ServableTokens | undefined> => {
  const endpoint = await endpointOf(callTo(engine, dataCenter, 0).dataCenter.recruitApi, path)
  try {
    const tokens = await otherTokens(engine, id, { replacing: accessToken.id, endpoint }, waitUntil)
    return tokens.accessToken.id === accessToken.id ? undefined : tokens
  } catch (error) {
    if (isRecruitOAuthError(error) && (error.remedy === 'retry' || error.fault === 'network')) return undefined
    throw error
  }
}

/**
 * A short name for the endpoint: a hash of the first segment below the API, without ids and queries. Methods and
 * spellings of one segment share it.
 */
const endpointOf = async (recruitApi: string, path: string): Promise<string> => {
  const { pathname } = new URL(addressOf(recruitApi, path))
  const [segment = ''] = pathname.slice(new URL(recruitApi).pathname.length).split('/').filter(Boolean)
  return (await sha256(decoded(segment).toLowerCase())).slice(0, 16)
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const send = async (engine: Engine, tokens: ServableTokens, path: string, init: RecruitRequestInit): Promise<Response> => {
  const { dataCenter } = callTo(engine, tokens.dataCenter, 0)
  const headers = new Headers(init.headers)
  const token = tokens.accessToken.token.reveal()
  // `Headers` would quote a token with a strange character in its error.
  if (!isToken(token)) throw new RecruitOAuthError('record-unreadable')
  headers.set('authorization', `Zoho-oauthtoken ${token}`)
  const address = addressOf(dataCenter.recruitApi, path)
  const response = await engine.config.fetch(address, { ...init, headers, redirect: 'manual' }).catch((error: unknown) => {
    // The caller's own abort is the caller's own error.
    throw init.signal?.aborted ? error : new RecruitOAuthError('recruit-unreachable', { dataCenter: tokens.dataCenter })
  })
  if (await isRedirect(response)) throw new RecruitOAuthError('redirect-refused', { dataCenter: tokens.dataCenter })
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers: own(response.headers) })
}

/** Headers that speak of the connection to Zoho, of an encoding that is undone by now, or for Zoho's own site. */
const foreign = ['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'content-length', 'set-cookie', 'strict-transport-security']

/** What is left can be handed on to a browser as it is: `(c) => c.var.zoho.fetch('Candidates')`. */
const own = (received: Headers): Headers => {
  const headers = new Headers(received)
  for (const name of foreign) headers.delete(name)
  return headers
}

/** @throws `argument-invalid` for a path that leads out of the API, or would for a server that decodes it once more. */
const addressOf = (recruitApi: string, path: string): string => {
  const wrong = () => wrongArgument('path', 'must lead into the Recruit API, such as `Candidates`')
  if (typeof path !== 'string' || /^[a-z][a-z0-9+.-]*:|^\/\/|[\\\x00-\x20]|^[^?]*(%2[ef]|%5c|;)/i.test(path)) throw wrong()
  const address = `${recruitApi}/${path.replace(/^\//, '')}`
  if (!URL.parse(address)?.href.startsWith(`${recruitApi}/`)) throw wrong()
  return address
}

/** A web stream, or what Node's `fetch` takes for one: read once, it is gone. */
const isStream = (body: unknown): boolean =>
  body instanceof ReadableStream || (typeof body === 'object' && body !== null && Symbol.asyncIterator in body)

const rejections = new Set<unknown>(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])

/** Reads what a 401 says and gives it back unread. Missing scopes are a 401 too, and no new token helps there. */
const reopened = async (response: Response): Promise<{ response: Response; tokenRejected: boolean }> => {
  const octets = await readBounded(response)
  if (!octets) throw new RecruitOAuthError('answer-malformed', { status: response.status })
  const copy = new Response(octets, { status: response.status, headers: response.headers })
  return { response: copy, tokenRejected: rejections.has(parseMembers(new TextDecoder().decode(octets))?.('code')) }
}
