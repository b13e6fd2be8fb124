import { errorCodes } from '../../errors/codes.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId, Identity, Status, TokenSet } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import { requestIdentity } from '../../endpoints/identity.ts'
import type { Outcome, TokenAnswer } from '../../endpoints/outcome.ts'
import { endpointCall, randomId, refusalOf, cacheRecord, type ClientContext } from '../context.ts'
import { storeGrant } from './store-grant.ts'
import { noteApiDomain, tokenSetFacts } from '../tokens/token-set.ts'

/**
 * One code, and what it is exchanged for. `state` names it: the SHA-256 of the OAuth state, or of a
 * Self Client code.
 */
export interface Attempt {
  readonly connection: ConnectionId
  readonly principal: string
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly state: string
  /**
   * Hash of the principal that this attempt counts for. Absent for a Self Client code, which comes
   * from the app itself.
   */
  readonly countedFor?: string
}

/**
 * Stores the attempt, exchanges the code, stores the grant. The attempt is stored first, so that a
 * code is not spent on a store that cannot be written, and is not sent twice.
 */
export const exchangeAndStore = async (
  client: ClientContext,
  exchange: () => Promise<Outcome<TokenAnswer>>,
  attempt: Attempt,
): Promise<void> => {
  const { connection, principal, state, dataCenter, countedFor } = attempt
  const id = randomId(client)
  const began = await client.repository.apply(connection, {
    type: 'exchangeStarted',
    state,
    id,
    principal,
    countedFor,
  })
  const refusal = refusalOf(began.decision)
  if (refusal) throw refusal
  const sentAt = client.repository.clock.now() as number
  let outcome = await exchange()
  // Sent again only where it is proven that nothing was sent: a code works once.
  if (!outcome.ok && !outcome.failure.mayHaveBeenSent && outcome.calls > 0)
    outcome = await exchange()
  if (!outcome.ok) throw await closeAttempt(client, attempt, exchangeError(outcome, attempt))
  const { refreshToken, ...answer } = outcome.value
  if (!refreshToken)
    throw await closeAttempt(
      client,
      attempt,
      new RecruitOAuthError('refresh-token-missing', { dataCenter }),
    )
  noteApiDomain(client, connection, dataCenter, answer.apiDomain)
  const tokens: TokenSet = {
    dataCenter,
    scopes: answer.scopes ?? attempt.scopes,
    refreshToken,
    refreshTokenId: randomId(client),
    ...tokenSetFacts(client, answer, sentAt),
  }
  const account = () =>
    requestIdentity(
      endpointCall(client, dataCenter, timeBudget.identityMs),
      answer.accessToken,
      attempt.scopes,
    )
  // A first grant is stored at once. Over a known account, the new account is compared first; until
  // then the old token set stays in use.
  const compares =
    hasLiveGrant(began.record.status) && began.record.identity && !client.config.allowAccountSwitch
  const identity = compares ? await account() : {}
  if (!identity)
    throw await closeAttempt(
      client,
      attempt,
      new RecruitOAuthError('account-unread', { dataCenter }),
    )
  await storeGrant(client, attempt, tokens, identity, began.record.tokens !== undefined)
  if (!compares) await storeIdentity(client, connection, tokens, await account())
}

/** After a disconnection, another account may connect. */
const hasLiveGrant = (status: Status): boolean => status === 'active' || status === 'needs-consent'

/** Stores the identity once it is known. Failing to read it does not fail a first consent. */
const storeIdentity = async (
  client: ClientContext,
  id: ConnectionId,
  { refreshTokenId }: TokenSet,
  identity: Identity = {},
): Promise<void> => {
  if (!Object.keys(identity).length) return
  const identified = await client.repository
    .apply(id, { type: 'identified', refreshTokenId, identity })
    .catch(() => undefined)
  if (identified) cacheRecord(client, id, identified)
}

/** Closes the attempt, if the store allows, and returns the error to throw. */
const closeAttempt = async (
  client: ClientContext,
  { connection, state }: Attempt,
  error: RecruitOAuthError,
): Promise<RecruitOAuthError> => {
  await client.repository
    .apply(connection, { type: 'attemptFailed', state, code: error.code })
    .catch(() => {})
  return error
}

const outcomeUnknown = new Set([
  'accounts-server-timed-out',
  'accounts-server-unreachable',
  'answer-malformed',
  'accounts-server-unavailable',
])

const exchangeError = (
  outcome: Extract<Outcome<TokenAnswer>, { ok: false }>,
  { dataCenter }: Attempt,
): RecruitOAuthError => {
  const { reason, status: zohoStatus, mayHaveBeenSent } = outcome.failure
  const code = toErrorCode(reason)
  if (mayHaveBeenSent && outcomeUnknown.has(code))
    return new RecruitOAuthError('exchange-outcome-unknown', { dataCenter, zohoStatus })
  // A code is sent once, whatever became of it: trying again begins at the beginning.
  const again = errorCodes[code].remedy === 'retry'
  return new RecruitOAuthError(code, {
    dataCenter,
    zohoStatus,
    ...(again && { remedy: 'ask-consent', hint: 'Start again from /connect, in some minutes.' }),
  })
}
