import type { Configuration } from '../../config/configure.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { authorizationRequestMs, isPlausibleDeadline, timeBudget } from '../../domain/time.ts'
import { validateCallback } from '../../endpoints/authorization.ts'
import { requestTokens } from '../../endpoints/token.ts'
import {
  isRecruitOAuthError,
  nameConnection,
  RecruitOAuthError,
} from '../../errors/recruit-oauth-error.ts'
import { toZohoError, isPermanentError, withoutSecrets } from '../../endpoints/zoho-error.ts'
import { sha256 } from '../../internal/crypto.ts'
import { endpointCall, type ClientContext } from '../context.ts'
import { dataCenterOf } from './callback-data-center.ts'
import { userErrorOf } from './callback-user.ts'
import type { BrowserBinding, UsedBinding } from './browser-binding.ts'
import {
  cookiesAfterCallback,
  readCallbackCookies,
  type CallbackCookies,
  type CookieChange,
  type ReadCookie,
} from './callback-cookies.ts'
import { exchangeAndStore } from './exchange.ts'
import { hasFinished } from './finished-consent.ts'
import { checkCodeQuota, recordCode } from './quota.ts'

const maxQueryLength = 8_192
const maxCodeLength = 2_048
/** Parameters that may occur once at most (RFC 6749, 3.1). */
const singleParameters = ['code', 'state', 'error', 'location', 'accounts-server', 'iss'] as const

/** The parts of a request that the callback needs. */
export interface CallbackRequest {
  /** The query, byte for byte, without the question mark. */
  readonly dangerousQuery: string
  readonly readCookie: ReadCookie
  /** The signed-in user and connection; `undefined` when nobody is signed in. */
  readonly findConnection: () => Promise<ConnectionRef | undefined>
  /** A navigation from Zoho sends no `SameSite=Strict` cookies. */
  readonly mayLackStrictCookies: boolean
}

export type CallbackResult = (
  | { readonly type: 'connected'; readonly returnTo: string }
  | {
      readonly type: 'refused'
      readonly error: RecruitOAuthError
      /** The user who started the request is not signed in. The code was not sent to Zoho. */
      readonly isWrongUser: boolean
      /** What the request was for, if its cookie could be opened. */
      readonly request?: Pick<BrowserBinding, 'returnTo' | 'dataCenter'> | undefined
    }
) & { readonly cookies: readonly CookieChange[] }

interface CallbackParameters {
  readonly state: string
  readonly dangerousParameters: URLSearchParams
}

/**
 * Completes an authorization request. The checks have a fixed order, and each is made once:
 * parameters, cookie, state, age, user, error, data center, issuer. Then the code is exchanged and
 * the grant is stored. Nothing is sent to Zoho before all checks have passed and the attempt is
 * stored. So no code is sent while the store fails, and a callback cannot be used twice.
 *
 * If the callback is repeated after its consent was stored, the result is `connected`, too.
 */
export const completeAuthorization = async (
  client: ClientContext,
  request: CallbackRequest,
): Promise<CallbackResult> => {
  const { config } = client
  let signedIn: Promise<ConnectionRef | undefined> | undefined
  const findConnection = () => (signedIn ??= request.findConnection())
  let cookies: CallbackCookies | undefined
  try {
    const callback = readParameters(request.dangerousQuery)
    cookies = await readCallbackCookies(config, request.readCookie, callback.state)
    const { binding, stateHash } = cookies
    if (!binding) throw new RecruitOAuthError('callback-unbound')
    await checkAge(client, binding)
    const userError = await userErrorOf(
      config,
      findConnection,
      binding,
      request.mayLackStrictCookies,
    )
    if (userError) return await refuse(config, cookies, userError, true)
    if (!('state' in binding)) throw new RecruitOAuthError('callback-replayed')
    await checkError(client, callback, binding)
    await exchange(client, callback, binding, stateHash)
    const changes = await cookiesAfterCallback(config, cookies)
    return { type: 'connected', returnTo: binding.returnTo, cookies: changes }
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    if (!cookies) return { type: 'refused', error, isWrongUser: false, cookies: [] }
    if (!(await hasFinished(client, cookies, error.code, findConnection)))
      return refuse(config, cookies, error, false)
    const returnTo = cookies.binding?.returnTo ?? config.defaultReturnTo
    return { type: 'connected', returnTo, cookies: await cookiesAfterCallback(config, cookies) }
  }
}

const refuse = async (
  config: Configuration,
  cookies: CallbackCookies,
  error: RecruitOAuthError,
  isWrongUser: boolean,
): Promise<CallbackResult> => {
  const { binding } = cookies
  if (binding) nameConnection(error, binding.connection)
  const changes = await cookiesAfterCallback(config, cookies)
  return { type: 'refused', error, isWrongUser, request: binding, cookies: changes }
}

/** Parses the query (RFC 6749, 4.1.2). @throws `callback-malformed` */
export const readParameters = (dangerousQuery: string): CallbackParameters => {
  const malformed = () => new RecruitOAuthError('callback-malformed')
  if (dangerousQuery.length > maxQueryLength) throw malformed()
  const parameters = new URLSearchParams(dangerousQuery)
  const hasRepeated = singleParameters.some((name) => parameters.getAll(name).length > 1)
  if (hasRepeated) throw malformed()
  const state = parameters.get('state')
  if (state === null || !/^[A-Za-z0-9_-]{43}$/.test(state)) throw malformed()
  const code = parameters.get('code')
  const hasCode = code !== null
  const hasError = parameters.has('error')
  if (hasCode === hasError) throw malformed()
  if (hasCode && !isCode(code)) throw malformed()
  return { state, dangerousParameters: parameters }
}

const isCode = (code: string): boolean => code.length <= maxCodeLength && /^[!-~]+$/.test(code)

/** Checks that the authorization request is at most ten minutes old. @throws `callback-expired` */
const checkAge = async (
  { repository }: ClientContext,
  { at, connection }: BrowserBinding | UsedBinding,
): Promise<void> => {
  const now = repository.clock.now() ?? (await repository.read(connection)).now
  if (!isPlausibleDeadline(at + authorizationRequestMs, now, authorizationRequestMs))
    throw new RecruitOAuthError('callback-expired')
}

/**
 * Throws if the callback is an error response (RFC 6749, 4.1.2.1).
 * @throws `consent-refused`, `consent-failed`, `codes-exhausted`, `store-unavailable`
 */
const checkError = async (
  client: ClientContext,
  { dangerousParameters }: CallbackParameters,
  { state, codeVerifier }: BrowserBinding,
): Promise<void> => {
  const error = dangerousParameters.get('error')
  if (error === null) return
  if (error !== 'access_denied')
    throw consentFailed(withoutSecrets(toZohoError(error), [state, codeVerifier]))
  // Zoho also answers `access_denied` when the quota of codes is used up.
  throw (
    (await checkCodeQuota(client)) ?? new RecruitOAuthError('consent-refused', { zohoError: error })
  )
}

/** The error for a callback with an error that is not the user's refusal. */
const consentFailed = (zohoError: string | undefined): RecruitOAuthError =>
  isPermanentError(zohoError)
    ? new RecruitOAuthError('consent-failed', {
        zohoError,
        remedy: 'fix-configuration',
        hint: "It would fail again. The app's developer has to correct the scopes or the client.",
      })
    : new RecruitOAuthError('consent-failed', { zohoError })

/** Validates the data center and the issuer, exchanges the code and stores the grant. */
const exchange = async (
  client: ClientContext,
  { dangerousParameters }: CallbackParameters,
  binding: BrowserBinding,
  stateHash: string,
): Promise<void> => {
  const { config } = client
  const dataCenter = dataCenterOf(config, dangerousParameters, binding.dataCenter)
  const location = dangerousParameters.get('location') ?? dataCenter
  if (!Object.hasOwn(config.dataCenters, location))
    config.onEvent({ type: 'location-unexpected', connection: binding.connection })
  const call = endpointCall(client, dataCenter, timeBudget.refreshMs)
  const validated = validateCallback(call.dataCenter, dangerousParameters, binding.state)
  if (!validated) throw new RecruitOAuthError('callback-malformed')
  const sendCode = () =>
    requestTokens(call, {
      type: 'authorization_code',
      callback: validated,
      redirectUri: config.redirectUri,
      codeVerifier: binding.codeVerifier,
    })
  // Names the principal whose attempts are limited, without storing the principal again.
  const limitedPrincipal = (await sha256(binding.principal)).slice(0, 16)
  const attempt = { ...binding, dataCenter, stateHash, limitedPrincipal }
  await exchangeAndStore(client, sendCode, attempt)
  await recordCode(client)
}
