import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, ConnectionRecord } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import type { RevocableToken } from '../../machine/decision.ts'
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
export const revokeConnection = async (engine: ClientContext, id: ConnectionId): Promise<void> => {
  const requested = await engine.repository.apply(id, ({ tokens }) => ({
    type: 'revokeRequested',
    refreshTokenId: tokens?.refreshTokenId,
  }))
  await finishRevocations(engine, id, requested)
  // A write that was not answered may have been applied; a consent has been stored since.
  if (requested.record.status === 'active') throw new RecruitOAuthError('store-contended')
}

/**
 * Carries on with the revocations of a connection. @throws `revocation-failed`, also where Zoho is
 * not to be asked again yet
 */
export const finishRevocations = async (
  engine: ClientContext,
  id: ConnectionId,
  ordered: AppliedState,
): Promise<void> => {
  const [failure] = await callRevocationEndpoints(engine, id, ordered, timeBudget.refreshMs)
  if (failure) throw failure
  // Any other refusal says that there is nothing to revoke.
  const held = refusalOf(ordered.effects, ordered.record.tokens?.dataCenter)
  if (held?.code === 'revocation-failed') throw held
}

/**
 * Makes the calls that the machine ordered. Resolves with an error for each that Zoho did not
 * confirm.
 */
export const callRevocationEndpoints = async (
  engine: ClientContext,
  id: ConnectionId,
  ordered: AppliedState,
  deadlineMs: number,
): Promise<RecruitOAuthError[]> => {
  cacheRecord(engine, id, ordered)
  dropInFlightWork(engine, id)
  const tokens = ordered.effects.flatMap((effect) =>
    effect.type === 'callRevocationEndpoint' ? [effect.tokens] : [],
  )
  const { abandoned = [] } = ordered.record
  const errors = await Promise.all(
    tokens.map((one) => {
      const isAbandoned = abandoned.some(
        ({ refreshTokenId }) => refreshTokenId === one.refreshTokenId,
      )
      return revokeOne(engine, id, one, deadlineMs, isAbandoned)
    }),
  )
  return errors.filter((error) => error !== undefined)
}

const revokeOne = async (
  engine: ClientContext,
  id: ConnectionId,
  tokens: RevocableToken,
  deadlineMs: number,
  isAbandoned: boolean,
): Promise<RecruitOAuthError | undefined> => {
  const { dataCenter, refreshTokenId } = tokens
  const outcome = await revokeAtZoho(engine, id, tokens, deadlineMs)
  if (outcome instanceof RecruitOAuthError) return outcome
  const settled = await engine.repository.apply(
    id,
    outcome.ok
      ? { type: 'revocationConfirmed', refreshTokenId }
      : { type: 'revocationFailed', refreshTokenId, ...outcome.failure, calls: outcome.calls },
  )
  cacheRecord(engine, id, settled)
  // Zoho may have confirmed it to another process.
  if (outcome.ok || isRevoked(settled.record, refreshTokenId, isAbandoned)) return undefined
  return (
    refusalOf(settled.effects, dataCenter) ??
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
  engine: ClientContext,
  id: ConnectionId,
  { dataCenter, refreshToken, refreshTokenId }: RevocableToken,
  deadlineMs: number,
): Promise<Outcome<undefined> | RecruitOAuthError> => {
  const { monotonic } = engine.config
  const endsAt = monotonic() + deadlineMs
  const outcome = await revokeToken(endpointCall(engine, dataCenter, deadlineMs), refreshToken)
  if (outcome.ok || isRetryable(outcome.failure.code)) return { ...outcome, calls: 0 }
  // Booked before it is sent, like every token request.
  const { effects } = await engine.repository.apply(id, {
    type: 'revocationCheckStarted',
    refreshTokenId,
  })
  if (effects.some((effect) => effect.type === 'checkRefreshToken')) {
    return checkRefreshToken(endpointCall(engine, dataCenter, endsAt - monotonic()), refreshToken)
  }
  return refusalOf(effects, dataCenter) ?? { ...outcome, calls: 0 }
}
