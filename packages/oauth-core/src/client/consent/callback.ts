import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId } from '../../domain/record.ts'
import type { Secret } from '../../domain/secret.ts'
import { authorizationRequestMs, isPlausibleDeadline, timeBudget } from '../../domain/time.ts'
import { validateCallback } from '../../endpoints/authorization.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sha256 } from '../../internal/crypto.ts'
import type { BrowserBinding } from './browser-binding.ts'
import { checkCodeQuota, recordCode } from './quota.ts'
import { endpointCall, checkedId, type ClientContext } from '../context.ts'
import { exchangeAndStore } from './exchange.ts'
import { checkedScopes, invalidArgument } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { dataCenterOf, type Callback } from './read-callback.ts'

/**
 * Ends an authorization request: judges the callback, then exchanges its code, then stores the
 * grant. The order is fixed, and nothing reaches the network before everything was judged and the
 * attempt is stored: a code is not spent on a store that can't be written, and a callback is used
 * once.
 */
export const completeAuthorization = async (
  client: ClientContext,
  callback: Callback,
  binding: BrowserBinding,
  ref: ConnectionRef,
): Promise<ConnectionId> => {
  const { config, repository } = client
  const { dangerousParameters } = callback
  // Digests are compared, so that how long it takes tells nothing of the state.
  const state = await sha256(binding.state)
  if ((await sha256(callback.state)) !== state) throw new RecruitOAuthError('callback-unbound')
  const now = repository.clock.now() ?? (await repository.read(binding.connection)).now
  if (!isPlausibleDeadline(binding.at + authorizationRequestMs, now, authorizationRequestMs))
    throw new RecruitOAuthError('callback-expired')
  if (ref.id !== binding.connection || ref.principal !== binding.principal)
    throw new RecruitOAuthError('principal-mismatch')
  const error = dangerousParameters.get('error')
  if (error !== null)
    throw error === 'access_denied'
      ? ((await checkCodeQuota(client)) ?? new RecruitOAuthError('consent-refused'))
      : new RecruitOAuthError('consent-failed')
  const id = dataCenterOf(config, dangerousParameters, binding.dataCenter)
  if (!Object.hasOwn(config.dataCenters, dangerousParameters.get('location') ?? id))
    config.onEvent({ type: 'location-unexpected', connection: binding.connection })
  const call = endpointCall(client, id, timeBudget.refreshMs)
  const validated = validateCallback(call.dataCenter, dangerousParameters, binding.state)
  if (!validated) throw new RecruitOAuthError('callback-malformed')

  const exchange = () =>
    requestTokens(call, {
      type: 'authorization_code',
      callback: validated,
      redirectUri: config.redirectUri,
      codeVerifier: binding.codeVerifier,
    })
  const countedFor = (await sha256(binding.principal)).slice(0, 16)
  await exchangeAndStore(client, exchange, { ...binding, dataCenter: id, state, countedFor })
  await recordCode(client)
  return binding.connection
}

/**
 * A code that was generated in Zoho's console for a Self Client, exchanged at the data center where
 * it was generated.
 * @see https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html
 */
export const completeWithSelfClientCode = async (
  client: ClientContext,
  ref: ConnectionRef & { readonly dataCenter: DataCenterId },
  code: Secret,
  dangerousScopes: readonly string[],
): Promise<void> => {
  const [connection, principal] = [checkedId('id', ref.id), checkedId('principal', ref.principal)]
  const call = endpointCall(client, ref.dataCenter, timeBudget.refreshMs)
  if (!/^[!-~]{1,2048}$/.test(code.reveal()))
    throw invalidArgument('code', 'is not an authorization code')
  const scopes = checkedScopes(dangerousScopes, invalidArgument)
  const exchange = () => requestTokens(call, { type: 'self_client_code', code })
  // There is no state: the code itself names the attempt, and is sent once as well.
  await exchangeAndStore(client, exchange, {
    connection,
    principal,
    dataCenter: ref.dataCenter,
    scopes,
    state: await sha256(code.reveal()),
  })
}
