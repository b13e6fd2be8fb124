import { isRecruitOAuthError, nameConnection } from '../errors/recruit-oauth-error.ts'
import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../domain/record.ts'
import type { RecruitScope } from '../domain/scopes.ts'
import { isSecret, Secret } from '../domain/secret.ts'
import type { WaitUntil } from '../config/host.ts'
import { currentTokens, joinRefresh } from './tokens/access-token.ts'
import { readArgument, readOptions } from './arguments.ts'
import { completeWithSelfClientCode, withSelfClientHint } from './consent/self-client.ts'
import { validateId, cacheRecord, type ClientContext } from './context.ts'
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
   * A valid access token. Resolves at once while the cached token is fresh, else after one refresh
   * that all callers share. It takes 18 s at most.
   * @throws `not-connected`, `needs-consent`, `connection-revoked` (ask for consent); `throttled`,
   * `refresh-budget-spent` and the `accounts-server-…` codes (with `retryAt`); `store-unavailable`
   */
  accessToken(): Promise<string>
  /**
   * Calls the Recruit API with the connection's access token. `path` is relative to the v2 API
   * (`Candidates?per_page=50`), or begins with `/recruit/`, like the `download_url` of a bulk job,
   * or is a URL at one of the data center's own servers. If the API refuses the access token, the
   * call is repeated with a new one, once in ten minutes for each endpoint. Resolves with Zoho's
   * response whatever its status. It has no deadline: pass a `signal`.
   * @throws the errors of `accessToken`, `recruit-unreachable`, `recruit-outcome-unknown` (the
   * response to a POST or PATCH was lost: check before you send it again), `redirect-refused`,
   * `proxy-authentication-required`, `response-malformed`, `argument-invalid`, `scope-missing` (for
   * an upload), and the reason of your `signal`
   */
  fetch(path: string, init?: RecruitRequestInit): Promise<Response>
  /**
   * Requests a new access token now, within the budget of five in ten minutes. For buttons and
   * tests: `accessToken` refreshes by itself.
   * @throws the errors of `accessToken`
   */
  refresh(): Promise<void>
  /**
   * Ends access: no caller gets a token from now on, and the refresh token is revoked at Zoho.
   * @throws `revocation-failed` (try again at `retryAt`), `store-unavailable`, and
   * `store-contended` if a consent was stored meanwhile: call again
   */
  revoke(): Promise<void>
  /**
   * Removes the record, even if it cannot be read. The refresh token stays valid at Zoho: to end
   * access, `revoke` first.
   */
  forget(): Promise<void>
  /** The stored status. @throws `store-unavailable`, `record-unreadable`, `key-unknown` */
  status(): Promise<ConnectionStatus>
  /**
   * Connects with a code from Zoho's API console, without a browser. Such a code works once, and
   * for some minutes only.
   * @throws `code-rejected`, `exchange-outcome-unknown`, `grant-not-stored` and the errors of the
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
  const id = validateId('id', dangerousId)
  const { repository, config } = client
  /** Adds the id of the connection to an error, and a hint that fits the connection. */
  const named = async <T>(operation: () => Promise<T>): Promise<T> => {
    try {
      return await operation()
    } catch (error) {
      nameConnection(error, id)
      const isRefused = isRecruitOAuthError(error) && error.code === 'needs-consent'
      const isSelfClient = client.cache.get(id)?.record?.tokens?.selfClient
      throw isRefused && isSelfClient ? withSelfClientHint(error) : error
    }
  }
  return {
    id,
    accessToken: () =>
      named(async () => {
        const { accessToken } = await currentTokens(client, id, waitUntil)
        return accessToken.token.reveal()
      }),
    fetch: (path, init = {}) => named(() => fetchRecruit(client, id, path, init, waitUntil)),
    refresh: () =>
      named(async () => {
        const { record } = await repository.read(id)
        const rejectedTokenId = record.tokens?.accessToken?.id
        await joinRefresh(client, id, { rejectedTokenId }, waitUntil)
      }),
    revoke: () => named(() => revokeConnection(client, id)),
    forget: () => named(() => forgetConnection(client, id)),
    status: () =>
      named(async () => {
        const state = await repository.read(id)
        cacheRecord(client, id, state)
        return statusOf(config, state.record, state.now)
      }),
    exchangeSelfClientCode: (dangerousCode, grant) =>
      named(async () => {
        const {
          principal,
          dataCenter = config.dataCenter,
          scopes = config.scopes,
        } = readOptions('grant', grant, ['principal', 'dataCenter', 'scopes'])
        const ref = {
          id,
          principal: principal as PrincipalId,
          dataCenter: dataCenter as DataCenterId,
        }
        const code = readArgument('code', () =>
          isSecret(dangerousCode) ? dangerousCode.reveal() : dangerousCode,
        )
        if (typeof code !== 'string')
          throw invalidArgument('code', 'must be a string or a `Secret`')
        await completeWithSelfClientCode(client, ref, new Secret(code), scopes as readonly string[])
      }),
  }
}
