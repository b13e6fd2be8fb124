import { RecruitOAuthError, type ErrorDetails } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, ConnectionRecord } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import type { RevocableToken } from '../../machine/decision.ts'
import type { ConnectionEvent } from '../../machine/events.ts'
import { findRevocation } from '../../machine/pending-revocations.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import type { Outcome } from '../../endpoints/outcome.ts'
import { confirmRevocation, isTemporary, revokeToken } from '../../endpoints/revocation.ts'
import {
  endpointCall,
  dropInFlightWork,
  refusalError,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import type { AppliedState } from '../../store/repository.ts'

/**
 * Revokes a connection. First the record becomes `revoking`, so that no caller gets a token from
 * now on. Then the refresh token is revoked at Zoho, and the record becomes `revoked`. Resolves
 * when Zoho has confirmed, or if there is nothing to revoke.
 * @throws `revocation-failed`: the record is `revoking`, and Zoho has not confirmed. Call again,
 * but not before its `retryAt`
 */
export const revokeConnection = async (client: ClientContext, id: ConnectionId): Promise<void> => {
  const requested = await client.repository.apply(id, ({ tokens }) => ({
    type: 'revokeRequested',
    refreshTokenId: tokens?.refreshTokenId,
  }))
  await finishRevocations(client, id, requested)
  // The store may have applied the write without a response, and `apply` then repeats the event. A
  // consent that was stored since is not revoked.
  if (requested.record.status === 'active') throw new RecruitOAuthError('store-contended')
}

/**
 * Carries out the revocations of a decision.
 * @throws `revocation-failed`, even if a cool-down is the only reason
 */
export const finishRevocations = async (
  client: ClientContext,
  id: ConnectionId,
  applied: AppliedState,
): Promise<void> => {
  const [error] = await callRevocationEndpoints(client, id, applied, timeBudget.refreshMs)
  if (error) throw error
  // Any other refusal means that there is nothing to revoke.
  const refusal = refusalError(applied.decision, applied.record.tokens?.dataCenter)
  if (refusal?.code === 'revocation-failed') throw refusal
}

/**
 * Revokes the refresh tokens that the decision names. Resolves with an error for each one that Zoho
 * did not confirm.
 */
export const callRevocationEndpoints = async (
  client: ClientContext,
  id: ConnectionId,
  applied: AppliedState,
  deadlineMs: number,
): Promise<RecruitOAuthError[]> => {
  cacheRecord(client, id, applied)
  dropInFlightWork(client, id)
  const { decision, record } = applied
  if (decision.type !== 'revoke') return []
  const revocations = decision.tokens.map((token) => {
    const isAbandoned = hasAbandoned(record, token.refreshTokenId)
    return revokeRefreshToken(client, id, token, deadlineMs, isAbandoned)
  })
  const errors = await Promise.all(revocations)
  return errors.filter((error) => error !== undefined)
}

const hasAbandoned = ({ abandoned = [] }: ConnectionRecord, refreshTokenId: string): boolean =>
  abandoned.some((token) => token.refreshTokenId === refreshTokenId)

/** Revokes one refresh token and stores the outcome. Returns an error unless Zoho confirmed. */
const revokeRefreshToken = async (
  client: ClientContext,
  id: ConnectionId,
  token: RevocableToken,
  deadlineMs: number,
  isAbandoned: boolean,
): Promise<RecruitOAuthError | undefined> => {
  const { dataCenter, refreshTokenId } = token
  const outcome = await revokeAtZoho(client, id, token, deadlineMs)
  if (outcome instanceof RecruitOAuthError) return outcome
  const applied = await client.repository.apply(id, toRevocationEvent(refreshTokenId, outcome))
  cacheRecord(client, id, applied)
  // Zoho may have confirmed the revocation to another process.
  if (outcome.ok || isRevoked(applied.record, refreshTokenId, isAbandoned)) return undefined
  const refusal = refusalError(applied.decision, dataCenter)
  return withCause(refusal ?? new RecruitOAuthError('revocation-failed', { dataCenter }), outcome)
}

/** Adds the error of the accounts server, such as that of a proxy. */
const withCause = (
  error: RecruitOAuthError,
  outcome: Extract<Outcome<undefined>, { ok: false }>,
): RecruitOAuthError => {
  const { reason, status: zohoStatus, zohoError } = outcome.failure
  const { dataCenter } = error
  const cause = new RecruitOAuthError(toErrorCode(reason), { dataCenter, zohoStatus, zohoError })
  return new RecruitOAuthError(error.code, { ...(error as ErrorDetails), errors: [cause] })
}

const toRevocationEvent = (
  refreshTokenId: string,
  outcome: Outcome<undefined>,
): ConnectionEvent => {
  if (outcome.ok) return { type: 'revocationConfirmed', refreshTokenId }
  const { reason, retryAfterMs, zohoError } = outcome.failure
  return {
    type: 'revocationFailed',
    refreshTokenId,
    code: toErrorCode(reason),
    retryAfterMs,
    zohoError,
    calls: outcome.calls,
  }
}

const isRevoked = (
  record: ConnectionRecord,
  refreshTokenId: string,
  isAbandoned: boolean,
): boolean => (isAbandoned ? !hasAbandoned(record, refreshTokenId) : record.status === 'revoked')

/**
 * Calls the revocation endpoint, and checks the refresh token at the token endpoint if the
 * revocation endpoint does not know it. The outcome's `calls` counts only the requests of the
 * check. Resolves with an error if the check may not be sent now.
 */
const revokeAtZoho = async (
  client: ClientContext,
  id: ConnectionId,
  { dataCenter, refreshToken, refreshTokenId }: RevocableToken,
  deadlineMs: number,
): Promise<Outcome<undefined> | RecruitOAuthError> => {
  const { monotonic } = client.config
  const endsAt = monotonic() + deadlineMs
  const outcome = await revokeToken(endpointCall(client, dataCenter, deadlineMs), refreshToken)
  if (outcome.ok || isTemporary(outcome.failure.reason)) return { ...outcome, calls: 0 }
  // The check is counted before it is sent, like each token request.
  const { record, decision } = await client.repository.apply(id, {
    type: 'revocationCheckStarted',
    refreshTokenId,
  })
  const refusal = refusalError(decision, dataCenter)
  if (refusal) return refusal
  // Another process may have ended this revocation meanwhile.
  if (!findRevocation(record, refreshTokenId)) return { ...outcome, calls: 0 }
  return confirmRevocation(endpointCall(client, dataCenter, endsAt - monotonic()), refreshToken)
}
