import { isSecret, Secret, type ConnectionId, type DataCenterId, type PrincipalId, type RecruitScope } from '../domain/index.ts'
import type { WaitUntil } from '../ports/index.ts'
import { currentTokens, otherTokens } from './access-token.ts'
import { completeWithSelfClientCode } from './complete-authorization.ts'
import { checkedId, remember, type Engine } from './engine.ts'
import { forgetConnection } from './forget-connection.ts'
import { fetchRecruit, type RecruitRequestInit } from './fetch-recruit.ts'
import { revokeConnection } from './revoke-connection.ts'
import { statusOf, type ConnectionStatus } from './status.ts'

/** One customer's consent. */
export interface Connection {
  readonly id: ConnectionId
  /**
   * An access token that is good now, for whoever needs the string. At once while one is fresh; else after one refresh,
   * which everybody joins, 18 s at most.
   * @throws `not-connected`, `needs-consent`, `connection-revoked` (ask for consent); `throttled`, `refresh-budget-spent`
   * and the `accounts-server-…` codes (with `retryAt`); `store-unavailable`
   */
  accessToken(): Promise<string>
  /**
   * Calls the Recruit API: `fetch('Candidates?per_page=50')`. The right host, the right header, one
   * retry with a new access token after INVALID_TOKEN, once in ten minutes for each endpoint.
   * Resolves with Zoho's answer whatever its status, fit to be handed on; it has no deadline of its
   * own: pass a `signal`.
   * @throws what `accessToken` throws, `recruit-unreachable`, `redirect-refused`, `argument-invalid`, and your own abort
   */
  fetch(path: string, init?: RecruitRequestInit): Promise<Response>
  /** Gets a new access token now, within the budget of five in ten minutes. For buttons and tests: `accessToken` refreshes by itself. @throws what `accessToken` throws */
  refresh(): Promise<void>
  /** Revokes at Zoho and here. @throws `revocation-failed` */
  revoke(): Promise<void>
  /** Removes our record, also one that can't be read, without telling Zoho: the refresh token stays alive there. To end access, `revoke` first. */
  forget(): Promise<void>
  /** As it stands in the store. @throws `store-unavailable`, `record-unreadable`, `key-unknown` */
  status(): Promise<ConnectionStatus>
  /** Connects with a code from Zoho's console instead of a browser. It lives minutes and works once. @throws `code-rejected`, `exchange-outcome-unknown`, `grant-not-stored` and what names the configuration */
  exchangeSelfClientCode(code: string | Secret, grant: { principal: PrincipalId; dataCenter?: DataCenterId | undefined; scopes?: readonly RecruitScope[] | undefined }): Promise<void>
}

export const connection = (engine: Engine, dangerousId: ConnectionId, waitUntil: WaitUntil): Connection => {
  const id = checkedId('id', dangerousId)
  const { records, config } = engine
  return {
    id,
    accessToken: async () => (await currentTokens(engine, id, waitUntil)).accessToken.token.reveal(),
    fetch: (path, init = {}) => fetchRecruit(engine, id, path, init, waitUntil),
    async refresh() {
      const { record } = await records.read(id)
      await otherTokens(engine, id, { replacing: record.tokens?.accessToken?.id }, waitUntil)
    },
    revoke: () => revokeConnection(engine, id),
    forget: () => forgetConnection(engine, id),
    async status() {
      const standing = await records.read(id)
      remember(engine, id, standing)
      return statusOf(config, standing.record, standing.now)
    },
    async exchangeSelfClientCode(code, { principal, dataCenter = config.dataCenter, scopes = config.scopes as RecruitScope[] }) {
      await completeWithSelfClientCode(engine, { id, principal, dataCenter }, isSecret(code) ? code : new Secret(String(code ?? '')), scopes)
    },
  }
}
