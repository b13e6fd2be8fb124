import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, ConnectionRecord } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import { findRevocation } from '../../machine/pending-revocations.ts'
import type { RevocableToken } from '../../machine/decision.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import type { Outcome } from '../../endpoints/outcome.ts'
import { checkRefreshToken, isRetryable, revokeToken } from '../../endpoints/revocation.ts'
import {
  endpointCall,
  dropInFlightWork,
  refusalOf,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import type { AppliedState } from '../../store/repository.ts'

/**
 * Revokes a connection: first here, so that nobody is handed a token from now on, then at Zoho,
 * then the tombstone. Resolves when Zoho has confirmed; what was never connected or is revoked
 * already needs nothing.
 * @throws `revocation-failed`: cut off here, pending at Zoho; call again, not before its `retryAt`
 */
export const revokeConnection = async (client: ClientContext, id: ConnectionId): Promise<void> => {
  const requested = await client.repository.apply(id, ({ tokens }) => ({
    type: 'revokeRequested',
    refreshTokenId: tokens?.refreshTokenId,
  }))
  await finishRevocations(client, id, requested)
  // A write that was not answered may have been applied; a consent has been stored since.
  if (requested.record.status === 'active') throw new RecruitOAuthError('store-contended')
}

/**
 * Carries on with the revocations of a connection. @throws `revocation-failed`, also where Zoho is
 * not to be asked again yet
 */
export const finishRevocations = async (
  client: ClientContext,
  id: ConnectionId,
  ordered: AppliedState,
): Promise<void> => {
  const [failure] = await callRevocationEndpoints(client, id, ordered, timeBudget.refreshMs)
  if (failure) throw failure
  // Any other refusal says that there is nothing to revoke.
  const held = refusalOf(ordered.decision, ordered.record.tokens?.dataCenter)
  if (held?.code === 'revocation-failed') throw held
}

/**
 * Makes the calls that the machine ordered. Resolves with an error for each that Zoho did not
 * confirm.
 */
export const callRevocationEndpoints = async (
  client: ClientContext,
  id: ConnectionId,
  ordered: AppliedState,
  deadlineMs: number,
): Promise<RecruitOAuthError[]> => {
  cacheRecord(client, id, ordered)
  dropInFlightWork(client, id)
  const { decision } = ordered
  const tokens = decision.type === 'revoke' ? decision.tokens : []
  const { abandoned = [] } = ordered.record
  const errors = await Promise.all(
    tokens.map((one) => {
      const isAbandoned = abandoned.some(
        ({ refreshTokenId }) => refreshTokenId === one.refreshTokenId,
      )
      return revokeOne(client, id, one, deadlineMs, isAbandoned)
    }),
  )
  return errors.filter((error) => error !== undefined)
}

const revokeOne = async (
  client: ClientContext,
  id: ConnectionId,
  tokens: RevocableToken,
  deadlineMs: number,
  isAbandoned: boolean,
): Promise<RecruitOAuthError | undefined> => {
  const { dataCenter, refreshTokenId } = tokens
  const outcome = await revokeAtZoho(client, id, tokens, deadlineMs)
  if (outcome instanceof RecruitOAuthError) return outcome
  const settled = await client.repository.apply(
    id,
    outcome.ok
      ? { type: 'revocationConfirmed', refreshTokenId }
      : {
          type: 'revocationFailed',
          refreshTokenId,
          code: toErrorCode(outcome.failure.reason),
          retryAfterMs: outcome.failure.retryAfterMs,
          calls: outcome.calls,
        },
  )
  cacheRecord(client, id, settled)
  // Zoho may have confirmed it to another process.
  if (outcome.ok || isRevoked(settled.record, refreshTokenId, isAbandoned)) return undefined
  return (
    refusalOf(settled.decision, dataCenter) ??
    new RecruitOAuthError('revocation-failed', { dataCenter })
  )
}

const isRevoked = (
  { status, abandoned }: ConnectionRecord,
  refreshTokenId: string,
  isAbandoned: boolean,
): boolean =>
  isAbandoned
    ? !abandoned?.some((one) => one.refreshTokenId === refreshTokenId)
    : status === 'revoked'

/** `calls` of the outcome are those of the check. An error: the check is held back. */
const revokeAtZoho = async (
  client: ClientContext,
  id: ConnectionId,
  { dataCenter, refreshToken, refreshTokenId }: RevocableToken,
  deadlineMs: number,
): Promise<Outcome<undefined> | RecruitOAuthError> => {
  const { monotonic } = client.config
  const endsAt = monotonic() + deadlineMs
  const outcome = await revokeToken(endpointCall(client, dataCenter, deadlineMs), refreshToken)
  if (outcome.ok || isRetryable(outcome.failure.reason)) return { ...outcome, calls: 0 }
  // Booked before it is sent, like every token request.
  const { record, decision } = await client.repository.apply(id, {
    type: 'revocationCheckStarted',
    refreshTokenId,
  })
  const refusal = refusalOf(decision, dataCenter)
  if (refusal) return refusal
  // Another process may have ended this revocation meanwhile.
  if (!findRevocation(record, refreshTokenId)) return { ...outcome, calls: 0 }
  return checkRefreshToken(endpointCall(client, dataCenter, endsAt - monotonic()), refreshToken)
}
