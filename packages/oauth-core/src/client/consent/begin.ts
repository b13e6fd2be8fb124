import type { DataCenterId } from '../../domain/data-centers.ts'
import type { RecruitScope } from '../../domain/scopes.ts'
import { authorizationUrl, randomToken } from '../../endpoints/authorization.ts'
import { cookieNameOf, sealBinding } from './browser-binding.ts'
import { readMembers } from '../arguments.ts'
import { checkCodeQuota } from './quota.ts'
import { endpointCall, checkedId, type ClientContext } from '../context.ts'
import { invalidArgument, validateScopes } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { safeReturnTo } from '../../config/return-to.ts'

export interface AuthorizationOptions {
  /** Path of this app to come back to. */
  readonly returnTo?: string | undefined
  /** Asked for in place of the client's scopes. */
  readonly scopes?: readonly RecruitScope[] | undefined
}

/** Where to send the browser, and the cookie that it must bring back. */
export interface AuthorizationRequest {
  readonly url: string
  readonly cookie: { readonly name: string; readonly value: string }
}

/** 4,096 bytes with its name. */
const longestBinding = 4_000

/**
 * Begins an authorization request. It is kept in the browser's cookie, sealed: nothing is stored,
 * so nothing can be flooded.
 */
export const beginAuthorization = async (
  client: ClientContext,
  dangerousRef: ConnectionRef,
  dangerousOptions: AuthorizationOptions = {},
): Promise<AuthorizationRequest> => {
  const { config, repository } = client
  const ref = readMembers('ref', dangerousRef, ['id', 'principal', 'dataCenter'])
  const options = readMembers('options', dangerousOptions, ['scopes', 'returnTo'])
  const connection = checkedId('id', ref.id)
  const principal = checkedId('principal', ref.principal)
  const scopes = validateScopes(options.scopes ?? config.scopes, invalidArgument)
  const returnTo =
    options.returnTo === undefined ? config.defaultReturnTo : safeReturnTo(options.returnTo)
  if (returnTo === undefined)
    throw invalidArgument('returnTo', 'must be a path of this app that begins with one `/`')
  const id = (ref.dataCenter ?? config.dataCenter) as DataCenterId
  const { dataCenter } = endpointCall(client, id, 0)
  const exhausted = await checkCodeQuota(client)
  if (exhausted) throw exhausted
  const at = repository.clock.now() as number // The store has just answered.
  const [state, codeVerifier] = [randomToken(config.random), randomToken(config.random)]
  const name = await cookieNameOf(config, state)
  const value = await sealBinding(config, name, {
    state,
    codeVerifier,
    connection,
    principal,
    dataCenter: id,
    scopes,
    returnTo,
    at,
  })
  // Browsers drop a longer cookie in silence (RFC 6265bis, 5.6), and no callback would ever be
  // taken.
  if (value.length > longestBinding) throw invalidArgument('scopes', 'must fit a cookie')
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
