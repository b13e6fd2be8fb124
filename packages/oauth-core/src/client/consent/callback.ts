import type { Configuration } from '../../config/configure.ts'
import type { ConnectionRef } from '../../config/options.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import { authorizationRequestMs, isPlausibleDeadline, timeBudget } from '../../domain/time.ts'
import { validateCallback } from '../../endpoints/authorization.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { sha256 } from '../../internal/crypto.ts'
import { endpointCall, unknownDataCenter, type ClientContext } from '../context.ts'
import { cookieNameOf, openBinding, type BrowserBinding } from './browser-binding.ts'
import { exchangeAndStore } from './exchange.ts'
import { checkCodeQuota, recordCode } from './quota.ts'

const maxQueryLength = 8_192
const maxCodeLength = 2_048
const singleParameters = ['code', 'state', 'error', 'location', 'accounts-server', 'iss'] as const

/** What a callback needs of the request that brought it. */
export interface CallbackRequest {
  /** The query, byte for byte, without the question mark. */
  readonly dangerousQuery: string
  /** The value of a cookie; `repeated` if the browser sent the name more than once. */
  readonly readCookie: (name: string) => { readonly value: string } | 'repeated' | undefined
  /** The signed-in user and connection; `undefined` when nobody is signed in. */
  readonly resolveUser: () => Promise<ConnectionRef | undefined>
}

/** `cookieName`: the cookie of this authorization request, which is of no use any more. */
export type CallbackResult =
  | { readonly type: 'connected'; readonly cookieName: string; readonly returnTo: string }
  | {
      readonly type: 'refused'
      readonly cookieName: string | undefined
      readonly error: RecruitOAuthError
      /** Nobody is signed in, or somebody else; nothing was spent. */
      readonly isWrongUser: boolean
    }

interface Parameters {
  readonly state: string
  readonly dangerousParameters: URLSearchParams
}

/**
 * Completes an authorization request. The checks have a fixed order, and each is made once:
 * parameters, cookie, state, age, user, error, data center, issuer. Then the code is exchanged and
 * the grant is stored. Nothing reaches the network before all checks have passed and the attempt is
 * stored, so a code is not spent on a store that cannot be written, and a callback is used once.
 */
export const completeAuthorization = async (
  client: ClientContext,
  request: CallbackRequest,
): Promise<CallbackResult> => {
  let cookieName: string | undefined
  try {
    const callback = readParameters(request.dangerousQuery)
    const name = await cookieNameOf(client.config, callback.state)
    const cookie = request.readCookie(name)
    if (cookie === 'repeated') throw new RecruitOAuthError('callback-malformed')
    if (cookie) cookieName = name
    const binding = cookie && (await openBinding(client.config, name, cookie.value))
    if (!binding) throw new RecruitOAuthError('callback-unbound')
    const state = await checkState(callback, binding)
    await checkAge(client, binding)
    const wrongUser = await findWrongUser(client, request, binding)
    if (wrongUser) return { type: 'refused', cookieName, error: wrongUser, isWrongUser: true }
    await checkError(client, callback)
    await exchange(client, callback, binding, state)
    return { type: 'connected', cookieName: name, returnTo: binding.returnTo }
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return { type: 'refused', cookieName, error, isWrongUser: false }
  }
}

/** Parses the query (RFC 6749, 4.1.2). @throws `callback-malformed` */
export const readParameters = (dangerousQuery: string): Parameters => {
  const malformed = () => new RecruitOAuthError('callback-malformed')
  if (dangerousQuery.length > maxQueryLength) throw malformed()
  const all = new URLSearchParams(dangerousQuery)
  if (singleParameters.some((name) => all.getAll(name).length > 1)) throw malformed()
  const code = all.get('code')
  const state = all.get('state')
  if (state === null || !/^[A-Za-z0-9_-]{43}$/.test(state)) throw malformed()
  if ((code === null) === (all.get('error') === null)) throw malformed()
  if (code !== null && (code.length > maxCodeLength || !/^[!-~]+$/.test(code))) throw malformed()
  return { state, dangerousParameters: all }
}

/** Returns the hash of the state. @throws `callback-unbound` */
const checkState = async (callback: Parameters, binding: BrowserBinding): Promise<string> => {
  // Digests are compared, so that the time that it takes says nothing about the state.
  const state = await sha256(binding.state)
  if ((await sha256(callback.state)) !== state) throw new RecruitOAuthError('callback-unbound')
  return state
}

/** @throws `callback-expired` */
const checkAge = async (
  { repository }: ClientContext,
  { at, connection }: BrowserBinding,
): Promise<void> => {
  const now = repository.clock.now() ?? (await repository.read(connection)).now
  if (!isPlausibleDeadline(at + authorizationRequestMs, now, authorizationRequestMs))
    throw new RecruitOAuthError('callback-expired')
}

/** `principal-missing` or `principal-mismatch`, unless the user who started is signed in. */
const findWrongUser = async (
  { config }: ClientContext,
  { resolveUser }: CallbackRequest,
  { connection, principal }: BrowserBinding,
): Promise<RecruitOAuthError | undefined> => {
  if (config.callbackIdentity === 'cookie') return undefined
  const user = await resolveUser()
  if (!user) return new RecruitOAuthError('principal-missing')
  const isSame = user.id === connection && user.principal === principal
  return isSame ? undefined : new RecruitOAuthError('principal-mismatch')
}

/** @throws `consent-refused`, `consent-failed`, `codes-exhausted` */
const checkError = async (
  client: ClientContext,
  { dangerousParameters }: Parameters,
): Promise<void> => {
  const error = dangerousParameters.get('error')
  if (error === null) return
  if (error !== 'access_denied') throw new RecruitOAuthError('consent-failed')
  throw (await checkCodeQuota(client)) ?? new RecruitOAuthError('consent-refused')
}

const exchange = async (
  client: ClientContext,
  { dangerousParameters }: Parameters,
  binding: BrowserBinding,
  state: string,
): Promise<void> => {
  const { config } = client
  const id = dataCenterOf(config, dangerousParameters, binding.dataCenter)
  if (!Object.hasOwn(config.dataCenters, dangerousParameters.get('location') ?? id))
    config.onEvent({ type: 'location-unexpected', connection: binding.connection })
  const call = endpointCall(client, id, timeBudget.refreshMs)
  const validated = validateCallback(call.dataCenter, dangerousParameters, binding.state)
  if (!validated) throw new RecruitOAuthError('callback-malformed')
  const request = () =>
    requestTokens(call, {
      type: 'authorization_code',
      callback: validated,
      redirectUri: config.redirectUri,
      codeVerifier: binding.codeVerifier,
    })
  const countedFor = (await sha256(binding.principal)).slice(0, 16)
  await exchangeAndStore(client, request, { ...binding, dataCenter: id, state, countedFor })
  await recordCode(client)
}

/**
 * The data center that a callback names. `accounts-server` decides, compared as an exact string
 * with the table; a known, different `location` aborts; with neither it is where consent began.
 * What is returned is a key of the table: no address of the callback is ever called.
 * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html
 * @throws `data-center-unknown`, `data-center-mismatch`
 */
export const dataCenterOf = (
  { dataCenters, secretsOf }: Configuration,
  dangerousParameters: URLSearchParams,
  began: DataCenterId,
): DataCenterId => {
  const accountsServer = dangerousParameters.get('accounts-server')
  const location = dangerousParameters.get('location')
  const located = location !== null && Object.hasOwn(dataCenters, location) ? location : undefined
  // Two entries can share an accounts server (a sandbox): then it is the one where consent began.
  const told = () =>
    [began, ...Object.keys(dataCenters)].find(
      (id) => dataCenters[id]?.accountsServer === accountsServer,
    )
  const named =
    accountsServer === null ? (located ?? (location === null ? began : undefined)) : told()
  if (named === undefined) throw new RecruitOAuthError('data-center-unknown')
  if (
    located !== undefined &&
    dataCenters[located]?.accountsServer !== dataCenters[named]?.accountsServer
  )
    throw new RecruitOAuthError('data-center-mismatch')
  if (secretsOf(named).length === 0) throw unknownDataCenter(named)
  return named
}
