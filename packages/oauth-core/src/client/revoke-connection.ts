import { RecruitOAuthError } from '../errors/index.ts'
import { timeBudget, type ConnectionId, type ConnectionRecord } from '../domain/index.ts'
import type { RevocableToken } from '../machine/index.ts'
import { checkRefreshToken, isOutOfReach, revokeToken, type Outcome } from '../wire/index.ts'
import { callTo, dropSharedWork, refusalIn, remember, type Engine } from './engine.ts'
import type { Committed } from './records.ts'

/**
 * Revokes a connection: first here, so that nobody is handed a token from now on, then at Zoho,
 * then the tombstone. Resolves when Zoho has confirmed; what was never connected or is revoked
 * already needs nothing.
 * @throws `revocation-failed`: cut off here, pending at Zoho; call again, not before its `retryAt`
 */
export const revokeConnection = async (engine: Engine, id: ConnectionId): Promise<void> => {
  const requested = await engine.records.commit(id, ({ tokens }) => ({
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
  engine: Engine,
  id: ConnectionId,
  ordered: Committed,
): Promise<void> => {
  const [failure] = await callRevocationEndpoints(engine, id, ordered, timeBudget.refreshMs)
  if (failure) throw failure
  // Any other refusal says that there is nothing to revoke.
  const held = refusalIn(ordered.effects, ordered.record.tokens?.dataCenter)
  if (held?.code === 'revocation-failed') throw held
}

/**
 * Makes the calls that the machine ordered. Resolves with an error for each that Zoho did not
 * confirm.
 */
export const callRevocationEndpoints = async (
  engine: Engine,
  id: ConnectionId,
  ordered: Committed,
  deadlineMs: number,
): Promise<RecruitOAuthError[]> => {
  remember(engine, id, ordered)
  dropSharedWork(engine, id)
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
  engine: Engine,
  id: ConnectionId,
  tokens: RevocableToken,
  deadlineMs: number,
  isAbandoned: boolean,
): Promise<RecruitOAuthError | undefined> => {
  const { dataCenter, refreshTokenId } = tokens
  const outcome = await revokeAtZoho(engine, id, tokens, deadlineMs)
  if (outcome instanceof RecruitOAuthError) return outcome
  const settled = await engine.records.commit(
    id,
    outcome.ok
      ? { type: 'revocationConfirmed', refreshTokenId }
      : { type: 'revocationFailed', refreshTokenId, ...outcome.failure, calls: outcome.calls },
  )
  remember(engine, id, settled)
  // Zoho may have confirmed it to another process.
  if (outcome.ok || isRevoked(settled.record, refreshTokenId, isAbandoned)) return undefined
  return (
    refusalIn(settled.effects, dataCenter) ??
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
  engine: Engine,
  id: ConnectionId,
  { dataCenter, refreshToken, refreshTokenId }: RevocableToken,
  deadlineMs: number,
): Promise<Outcome<undefined> | RecruitOAuthError> => {
  const { monotonic } = engine.config
  const endsAt = monotonic() + deadlineMs
  const outcome = await revokeToken(callTo(engine, dataCenter, deadlineMs), refreshToken)
  if (outcome.ok || isOutOfReach(outcome.failure.code)) return { ...outcome, calls: 0 }
  // Booked before it is sent, like every token request.
  const { effects } = await engine.records.commit(id, {
    type: 'revocationCheckBegan',
    refreshTokenId,
  })
  if (effects.some((effect) => effect.type === 'checkRefreshToken')) {
    return checkRefreshToken(callTo(engine, dataCenter, endsAt - monotonic()), refreshToken)
  }
  return refusalIn(effects, dataCenter) ?? { ...outcome, calls: 0 }
}
