import { RecruitOAuthError, storedId, type ConnectionId } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { AccessTokenResult, Answer } from '../protocol/messages.ts'
import { nameOf, objectsOf } from './object-at.ts'

export type { AccessTokenResult } from '../protocol/messages.ts'

/**
 * A connection as its object serves it, to whoever has the binding: neither client secret nor
 * encryption key is needed.
 */
export interface ZohoConnection {
  /**
   * An access token that is good now, and where it is taken. However many ask, from however many
   * Workers, one refresh is made. @throws what `accessToken` of core throws
   */
  accessToken(): Promise<AccessTokenResult>
  /**
   * Revokes at Zoho and here. @throws `revocation-failed`: cut off here already, and the object
   * goes on trying
   */
  revoke(): Promise<void>
}

/**
 * For queue consumers, cron jobs and other Workers that are bound to the class.
 * @param client whose connection it is: the `clientId` option of the Worker that made it. It is not
 * a secret
 * @throws RecruitOAuthError `configuration-invalid`: the binding or `clientId` is missing
 */
export const zohoConnection = (
  namespace: ConnectionNamespace,
  id: ConnectionId,
  client: { readonly clientId: string },
): ZohoConnection => {
  const objectAt = objectsOf(namespace)
  const clientId: unknown = (client as Partial<typeof client> | undefined)?.clientId
  if (typeof clientId !== 'string' || clientId === '') throw clientMissing()
  const name = async () => nameOf(await storedId(clientId, id))
  return {
    accessToken: () => settled(async () => objectAt(await name()).accessToken(id, clientId)),
    revoke: () => settled(async () => objectAt(await name()).revoke(id, clientId)),
  }
}

const clientMissing = () =>
  new RecruitOAuthError('configuration-invalid', {
    summary: 'zohoConnection was not told which client the connection belongs to.',
    hint:
      'Pass it, as in zohoConnection(env.ZOHO_CONNECTIONS, id, { clientId: env.ZOHO_CLIENT_ID ' +
      '}).',
  })

const settled = async <T>(ask: () => Promise<Answer<T>>): Promise<T> => {
  const answer = await Promise.resolve()
    .then(ask)
    .catch(() => {
      throw new RecruitOAuthError('store-unavailable', {
        summary: "The connection's Durable Object did not answer.",
      })
    })
  if ('error' in answer) throw RecruitOAuthError.fromJSON(answer.error)
  return answer.value
}
