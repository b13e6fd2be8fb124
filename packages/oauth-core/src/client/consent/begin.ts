import type { DataCenterId } from '../../domain/data-centers.ts'
import type { RecruitScope } from '../../domain/scopes.ts'
import { authorizationUrl, randomToken } from '../../endpoints/authorization.ts'
import { cookieNameOf, excessLength, sealBinding, type BrowserBinding } from './browser-binding.ts'
import { readMembers, readOptions } from '../arguments.ts'
import { checkCodeQuota } from './quota.ts'
import { configuredDataCenter, validateId, type ClientContext } from '../context.ts'
import { validateScopes, invalidArgument } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { nameConnection } from '../../errors/recruit-oauth-error.ts'
import { parseReturnTo } from '../../config/return-to.ts'

export interface AuthorizationOptions {
  /**
   * Where to redirect after the callback: a path of this app, or a URL of its origin or of a
   * trusted origin.
   */
  readonly returnTo?: string | undefined
  /** The scopes to request, instead of the client's scopes. */
  readonly scopes?: readonly RecruitScope[] | undefined
}

/** An authorization request that was started. */
export interface AuthorizationRequest {
  /** Redirect the browser to this URL of Zoho. */
  readonly url: string
  /** The callback is accepted only with this cookie. */
  readonly cookie: { readonly name: string; readonly value: string }
}

/**
 * Starts an authorization request. The request is sealed in a cookie of the browser and not written
 * to the store, so a large number of requests does not fill the store.
 */
export const beginAuthorization = async (
  client: ClientContext,
  dangerousRef: ConnectionRef,
  dangerousOptions: AuthorizationOptions = {},
  returnToBase?: string,
): Promise<AuthorizationRequest> =>
  startRequest(client, await prepareBinding(client, dangerousRef, dangerousOptions, returnToBase))

/** The URL of Zoho and the cookie for a prepared request. */
export const startRequest = async (
  client: ClientContext,
  binding: BrowserBinding,
): Promise<AuthorizationRequest> => {
  const { config } = client
  const { state, codeVerifier, scopes } = binding
  const { clientId, redirectUri } = config
  const name = await cookieNameOf(config, state)
  const parameters = { clientId, redirectUri, scopes, state, codeVerifier }
  return {
    url: await authorizationUrl(configuredDataCenter(client, binding.dataCenter), parameters),
    cookie: { name, value: await sealBinding(config, name, binding) },
  }
}

/**
 * Checks the arguments, and prepares an authorization request with a new state and verifier.
 * @param returnToBase the origin that a path in `returnTo` belongs to, if it is not the app's own
 * @throws `argument-invalid`, `data-center-unknown`, `codes-exhausted`, `store-unavailable`
 */
export const prepareBinding = async (
  client: ClientContext,
  dangerousRef: ConnectionRef,
  dangerousOptions: AuthorizationOptions,
  returnToBase?: string,
): Promise<BrowserBinding> => {
  const ref = readMembers('ref', dangerousRef, ['id', 'principal', 'dataCenter'])
  const connection = validateId('id', ref.id)
  const principal = validateId('principal', ref.principal)
  const dataCenter = (ref.dataCenter ?? client.config.dataCenter) as DataCenterId
  try {
    return await prepare(
      client,
      { connection, principal, dataCenter },
      dangerousOptions,
      returnToBase,
    )
  } catch (error) {
    nameConnection(error, connection)
    throw error
  }
}

/** Whether a request for this connection can carry this `returnTo`. */
export const fitsIntoCookie = (
  { config }: ClientContext,
  { id, principal, dataCenter = config.dataCenter }: ConnectionRef,
  returnTo: string,
): boolean =>
  excessLength({
    connection: id,
    principal,
    dataCenter,
    scopes: config.scopes,
    returnTo,
    // The values of these members always have the same length.
    state: ' '.repeat(43),
    codeVerifier: ' '.repeat(43),
    at: Date.UTC(2100, 0),
    isByTicket: true,
  }) === 0

const prepare = async (
  client: ClientContext,
  target: Pick<BrowserBinding, 'connection' | 'principal' | 'dataCenter'>,
  dangerousOptions: AuthorizationOptions,
  returnToBase: string | undefined,
): Promise<BrowserBinding> => {
  const { config, repository } = client
  const options = readOptions('options', dangerousOptions, ['scopes', 'returnTo'])
  const scopes = validateScopes(options.scopes ?? config.scopes, invalidArgument)
  const parsed =
    options.returnTo === undefined
      ? { returnTo: config.defaultReturnTo }
      : parseReturnTo(options.returnTo, config, returnToBase)
  if ('problem' in parsed) throw invalidArgument('returnTo', parsed.problem)
  configuredDataCenter(client, target.dataCenter)
  const exhausted = await checkCodeQuota(client)
  if (exhausted) throw exhausted
  const binding: BrowserBinding = {
    ...target,
    state: randomToken(config.random),
    codeVerifier: randomToken(config.random),
    scopes,
    returnTo: parsed.returnTo,
    // The clock knows the store's time as soon as the store has answered once, and `checkCodeQuota`
    // has just read the store.
    at: repository.clock.now() as number,
  }
  const excess = excessLength(binding)
  if (excess === 0) return binding
  const isReturnToTooLong = excessLength({ ...binding, returnTo: '/' }) === 0
  throw invalidArgument(
    isReturnToTooLong ? 'returnTo' : 'scopes',
    `is too long for the cookie of the request, which is ${excess} characters too long`,
  )
}
