import { RecruitOAuthError } from '../errors/index.ts'
import { isToken, parseMembers, type ConnectionId } from '../domain/index.ts'
import type { ServableTokens } from '../machine/index.ts'
import type { WaitUntil } from '../ports/index.ts'
import { isRedirect, readBounded } from '../wire/index.ts'
import { currentTokens, otherTokens } from './access-token.ts'
import { callTo, refusalIn, type Engine } from './engine.ts'
import { wrongArgument } from './invalid-option.ts'

/** What a request to the Recruit API may carry: that of `fetch`, with an address relative to the API. */
export type RecruitRequestInit = Omit<RequestInit, 'redirect'> & { readonly duplex?: 'half' }

/**
 * Calls the Recruit API of the connection's data center with the connection's access token, and once more with
 * another one where the API answers INVALID_TOKEN or AUTHENTICATION_FAILURE. A body that can't be replayed (a stream)
 * is sent once. Redirects are refused: they would carry the token elsewhere.
 */
export const fetchRecruit = async (engine: Engine, id: ConnectionId, path: string, init: RecruitRequestInit, waitUntil: WaitUntil): Promise<Response> => {
  const attempt = async (tokens: ServableTokens): Promise<Response> => {
    const response = await send(engine, tokens, path, init)
    if (response.status !== 401) engine.worked.set(id, tokens.accessToken.id)
    return response
  }
  const tokens = await currentTokens(engine, id, waitUntil)
  const response = await attempt(tokens)
  if (response.status !== 401) return response
  const answer = await reopened(response)
  if (!answer.tokenRejected) return answer.response
  const { id: accessTokenId } = tokens.accessToken
  const { effects } = await engine.records.commit(id, { type: 'accessTokenRejected', accessTokenId, worked: engine.worked.get(id) === accessTokenId })
  if (isStream(init.body)) return answer.response
  const refusal = refusalIn(effects, tokens.dataCenter)
  if (refusal) throw refusal
  return attempt(await otherTokens(engine, id, accessTokenId, waitUntil))
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
