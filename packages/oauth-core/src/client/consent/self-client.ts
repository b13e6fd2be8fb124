import { invalidArgument, validateScopes } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import type { Secret } from '../../domain/secret.ts'
import { timeBudget } from '../../domain/time.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sha256 } from '../../internal/crypto.ts'
import { checkedId, endpointCall, type ClientContext } from '../context.ts'
import { exchangeAndStore } from './exchange.ts'

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
  const scopes = validateScopes(dangerousScopes, invalidArgument)
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
