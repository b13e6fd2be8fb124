import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../domain/record.ts'
import type { RecruitScope } from '../domain/scopes.ts'
import { isSecret, Secret } from '../domain/secret.ts'
import type { WaitUntil } from '../config/host.ts'
import { currentTokens, replaceToken } from './tokens/access-token.ts'
import { readArgument, readMembers } from './arguments.ts'
import { completeWithSelfClientCode } from './consent/self-client.ts'
import { checkedId, cacheRecord, type ClientContext } from './context.ts'
import { forgetConnection } from './tokens/forget.ts'
import { fetchRecruit } from './tokens/fetch.ts'
import { invalidArgument } from '../config/invalid-option.ts'
import type { RecruitRequestInit } from './tokens/request-init.ts'
import { revokeConnection } from './tokens/revoke.ts'
import { statusOf, type ConnectionStatus } from './status.ts'

/** One customer's consent. */
export interface Connection {
  readonly id: ConnectionId
  /**
   * An access token that is good now, for whoever needs the string. At once while one is fresh;
   * else after one refresh, which everybody joins, 18 s at most.
   * @throws `not-connected`, `needs-consent`, `connection-revoked` (ask for consent); `throttled`,
   * `refresh-budget-spent` and the `accounts-server-…` codes (with `retryAt`); `store-unavailable`
   */
  accessToken(): Promise<string>
  /**
   * Calls the Recruit API: `fetch('Candidates?per_page=50')`. The right host, the right header, one
   * retry with a new access token after INVALID_TOKEN, once in ten minutes for each endpoint.
   * Resolves with Zoho's answer whatever its status, fit to be handed on; it has no deadline of its
   * own: pass a `signal`.
   * @throws what `accessToken` throws, `recruit-unreachable`, `redirect-refused`,
   * `answer-malformed`, `argument-invalid`, and your own abort
   */
  fetch(path: string, init?: RecruitRequestInit): Promise<Response>
  /**
   * Gets a new access token now, within the budget of five in ten minutes. For buttons and tests:
   * `accessToken` refreshes by itself. @throws what `accessToken` throws
   */
  refresh(): Promise<void>
  /**
   * Revokes at Zoho and here. @throws `revocation-failed` (with `retryAt`: not before then),
   * `store-unavailable`, and `store-contended` where a consent came in between: call again
   */
  revoke(): Promise<void>
  /**
   * Removes our record, also one that can't be read, without telling Zoho: the refresh token stays
   * alive there. To end access, `revoke` first.
   */
  forget(): Promise<void>
  /** As it stands in the store. @throws `store-unavailable`, `record-unreadable`, `key-unknown` */
  status(): Promise<ConnectionStatus>
  /**
   * Connects with a code from Zoho's console instead of a browser. It lives minutes and works once.
   * @throws `code-rejected`, `exchange-outcome-unknown`, `grant-not-stored` and what names the
   * configuration
   */
  exchangeSelfClientCode(
    code: string | Secret,
    grant: {
      principal: PrincipalId
      dataCenter?: DataCenterId | undefined
      scopes?: readonly RecruitScope[] | undefined
    },
  ): Promise<void>
}

export const createConnection = (
  client: ClientContext,
  dangerousId: ConnectionId,
  waitUntil: WaitUntil,
): Connection => {
  const id = checkedId('id', dangerousId)
  const { repository, config } = client
  return {
    id,
    accessToken: async () =>
      (await currentTokens(client, id, waitUntil)).accessToken.token.reveal(),
    fetch: (path, init = {}) => fetchRecruit(client, id, path, init, waitUntil),
    async refresh() {
      const { record } = await repository.read(id)
      await replaceToken(client, id, { rejectedTokenId: record.tokens?.accessToken?.id }, waitUntil)
    },
    revoke: () => revokeConnection(client, id),
    forget: () => forgetConnection(client, id),
    async status() {
      const standing = await repository.read(id)
      cacheRecord(client, id, standing)
      return statusOf(config, standing.record, standing.now)
    },
    async exchangeSelfClientCode(dangerousCode, grant) {
      const {
        principal,
        dataCenter = config.dataCenter,
        scopes = config.scopes,
      } = readMembers('grant', grant, ['principal', 'dataCenter', 'scopes'])
      const ref = {
        id,
        principal: principal as PrincipalId,
        dataCenter: dataCenter as DataCenterId,
      }
      const code = readArgument('code', () =>
        isSecret(dangerousCode) ? dangerousCode.reveal() : dangerousCode,
      )
      if (typeof code !== 'string') throw invalidArgument('code', 'must be a string or a `Secret`')
      await completeWithSelfClientCode(client, ref, new Secret(code), scopes as readonly string[])
    },
  }
}
