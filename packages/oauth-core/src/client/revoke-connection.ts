import { RecruitOAuthError } from '../errors/index.ts'
import { timeBudget, type ConnectionId } from '../domain/index.ts'
import type { Effect } from '../machine/index.ts'
import { revokeToken } from '../wire/index.ts'
import { callTo, refusalIn, remember, type Engine } from './engine.ts'
import type { Standing } from './records.ts'

/**
 * Revokes a connection: first here, so that nobody is handed a token from now on, then at Zoho, then the tombstone.
 * Resolves when Zoho has confirmed; what was never connected or is revoked already needs nothing.
 * @throws `revocation-failed`: cut off here, pending at Zoho; call again.
 */
export const revokeConnection = async (engine: Engine, id: ConnectionId): Promise<void> => {
  const seen = await engine.records.read(id)
  const requested = await engine.records.commit(id, { type: 'revokeRequested', refreshTokenId: seen.record.tokens?.refreshTokenId })
  // A refusal here says that there is nothing to revoke.
  await callRevocationEndpoint(engine, id, requested)
}

/** Carries on with a revocation that was found unfinished. @throws `revocation-failed`, also where Zoho is not to be asked again yet */
export const finishRevocation = async (engine: Engine, id: ConnectionId, found: Ordered): Promise<void> => {
  const refusal = refusalIn(found.effects, found.record.tokens?.dataCenter)
  if (refusal) throw refusal
  await callRevocationEndpoint(engine, id, found)
}

type Ordered = Standing & { readonly effects: readonly Effect[] }

const callRevocationEndpoint = async (engine: Engine, id: ConnectionId, ordered: Ordered): Promise<void> => {
  remember(engine, id, ordered)
  const call = ordered.effects.find((effect) => effect.type === 'callRevocationEndpoint')
  if (!call) return
  const { dataCenter, refreshToken, refreshTokenId } = call.tokens
  const outcome = await revokeToken(callTo(engine, dataCenter, timeBudget.refreshMs), refreshToken)
  const settled = await engine.records.commit(
    id,
    outcome.ok ? { type: 'revocationConfirmed', refreshTokenId } : { type: 'revocationFailed', refreshTokenId, ...outcome.failure },
  )
  remember(engine, id, settled)
  // Another process may have been told what this one was not.
  if (outcome.ok || settled.record.status === 'revoked') return
  throw refusalIn(settled.effects, dataCenter) ?? new RecruitOAuthError('revocation-failed', { dataCenter })
}
