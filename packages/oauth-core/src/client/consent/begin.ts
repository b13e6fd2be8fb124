import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../../domain/record.ts'
import type { RecruitScope } from '../../domain/scopes.ts'
import { authorizationUrl, randomToken } from '../../endpoints/authorization.ts'
import { cookieNameOf, sealBinding } from './browser-binding.ts'
import { readMembers } from '../arguments.ts'
import { checkCodeQuota } from './quota.ts'
import { configuredDataCenter, validateId, type ClientContext } from '../context.ts'
import { validateScopes, invalidArgument } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { nameConnection } from '../../errors/recruit-oauth-error.ts'
import { safeReturnTo } from '../../config/return-to.ts'

export interface AuthorizationOptions {
  /** Path of this app to redirect to after the callback. */
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

/** A cookie may have 4,096 bytes, with its name. */
const maxBindingLength = 4_000

/**
 * Starts an authorization request. The request is sealed in a cookie of the browser and not written
 * to the store, so a large number of requests does not fill the store.
 */
export const beginAuthorization = async (
  client: ClientContext,
  dangerousRef: ConnectionRef,
  dangerousOptions: AuthorizationOptions = {},
): Promise<AuthorizationRequest> => {
  const ref = readMembers('ref', dangerousRef, ['id', 'principal', 'dataCenter'])
  const connection = validateId('id', ref.id)
  const principal = validateId('principal', ref.principal)
  const dataCenterId = (ref.dataCenter ?? client.config.dataCenter) as DataCenterId
  try {
    return await begin(client, { connection, principal, dataCenterId }, dangerousOptions)
  } catch (error) {
    nameConnection(error, connection)
    throw error
  }
}

const begin = async (
  client: ClientContext,
  {
    connection,
    principal,
    dataCenterId,
  }: {
    readonly connection: ConnectionId
    readonly principal: PrincipalId
    readonly dataCenterId: DataCenterId
  },
  dangerousOptions: AuthorizationOptions,
): Promise<AuthorizationRequest> => {
  const { config, repository } = client
  const options = readMembers('options', dangerousOptions, ['scopes', 'returnTo'])
  const scopes = validateScopes(options.scopes ?? config.scopes, invalidArgument)
  const returnTo =
    options.returnTo === undefined ? config.defaultReturnTo : safeReturnTo(options.returnTo)
  if (returnTo === undefined)
    throw invalidArgument('returnTo', 'must be a path of this app that begins with one `/`')
  const dataCenter = configuredDataCenter(client, dataCenterId)
  const exhausted = await checkCodeQuota(client)
  if (exhausted) throw exhausted
  // The clock knows the store's time as soon as the store has answered once, and `checkCodeQuota`
  // has just read the store.
  const at = repository.clock.now() as number
  const state = randomToken(config.random)
  const codeVerifier = randomToken(config.random)
  const name = await cookieNameOf(config, state)
  const value = await sealBinding(config, name, {
    state,
    codeVerifier,
    connection,
    principal,
    dataCenter: dataCenterId,
    scopes,
    returnTo,
    at,
  })
  // Browsers ignore a longer cookie without an error (RFC 6265bis, 5.6), and every callback would
  // be refused.
  if (value.length > maxBindingLength)
    throw invalidArgument('scopes', 'must be short enough to be stored in a cookie')
  return {
    url: await authorizationUrl(dataCenter, {
      clientId: config.clientId,
      redirectUri: config.redirectUri,
      scopes,
      state,
      codeVerifier,
    }),
    cookie: { name, value },
  }
}
