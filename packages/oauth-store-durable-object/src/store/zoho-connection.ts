import { RecruitOAuthError, storedId, type ConnectionId } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { AccessTokenResult, RpcResult } from '../protocol/messages.ts'
import { connectionObjectName, objectsOf } from './object-at.ts'

export type { AccessTokenResult } from '../protocol/messages.ts'

/**
 * A connection, for any Worker with the binding. The Worker needs neither the client secret nor the
 * encryption keys, because the Durable Object of the connection does the work.
 */
export interface ZohoConnection {
  /**
   * A valid access token, and the data center that accepts it. All callers in all Workers share one
   * refresh.
   * @throws the errors of core's `accessToken`
   */
  accessToken(): Promise<AccessTokenResult>
  /**
   * Revokes at Zoho and in the store.
   * @throws `revocation-failed`: the connection is no longer usable here, and the object keeps
   * trying at Zoho
   */
  revoke(): Promise<void>
}

/**
 * For queue consumers, cron jobs and other Workers that are bound to the class.
 * @param client the client of the connection: the `clientId` option of the Worker that created it.
 * It is not a secret
 * @throws RecruitOAuthError `configuration-invalid`: the binding or `clientId` is missing
 */
export const zohoConnection = (
  namespace: ConnectionNamespace,
  id: ConnectionId,
  client: { readonly clientId: string },
): ZohoConnection => {
  const objectAt = objectsOf(namespace)
  const clientId: unknown = (client as Partial<typeof client> | undefined)?.clientId
  if (typeof clientId !== 'string' || clientId === '') throw missingClientId()
  const name = async () => connectionObjectName(await storedId(clientId, id))
  return {
    accessToken: () => callObject(async () => objectAt(await name()).accessToken(id, clientId)),
    revoke: () => callObject(async () => objectAt(await name()).revoke(id, clientId)),
  }
}

const missingClientId = () =>
  new RecruitOAuthError('configuration-invalid', {
    summary: 'zohoConnection was called without the `clientId` of the connection.',
    hint: 'Pass it: zohoConnection(env.ZOHO_CONNECTIONS, id, { clientId: env.ZOHO_CLIENT_ID }).',
  })

const callObject = async <T>(call: () => Promise<RpcResult<T>>): Promise<T> => {
  const result = await Promise.resolve()
    .then(call)
    .catch(() => {
      throw new RecruitOAuthError('store-unavailable', {
        summary: "The connection's Durable Object did not respond.",
      })
    })
  if ('error' in result) throw RecruitOAuthError.fromJSON(result.error)
  return result.value
}
