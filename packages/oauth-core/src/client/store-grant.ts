import { isRecruitOAuthError, RecruitOAuthError } from '../errors/index.ts'
import { timeBudget, type ConnectionId, type Identity, type TokenSet } from '../domain/index.ts'
import type { ConnectionEvent } from '../machine/index.ts'
import { revokeToken, sleep } from '../wire/index.ts'
import { commitLater } from './commit-later.ts'
import { callTo, dropSharedWork, refusalIn, remember, type Engine } from './engine.ts'
import type { Attempt } from './exchange-and-store.ts'
import { inBackground } from './in-background.ts'
import type { Committed } from './records.ts'
import { callRevocationEndpoints } from './revoke-connection.ts'

type Granted = Extract<ConnectionEvent, { type: 'granted' }>

/**
 * Stores what Zoho granted. Zoho has issued a refresh token by now: it is stored, or revoked where
 * nothing was written. If the outcome is unknown, nothing is undone, because the write may still be
 * applied.
 * @param hadTokens a token set stood there before: then a new one that can't be stored is left
 * alone, because revoking
 *   it could revoke the whole grant
 * @throws `connection-revoked`, `account-switched`, `grant-not-stored`, `grant-outcome-unknown`
 */
export const storeGrant = async (
  engine: Engine,
  attempt: Attempt,
  tokens: TokenSet,
  identity: Identity,
  hadTokens: boolean,
): Promise<void> => {
  const { connection, principal, state, scopes: requestedScopes } = attempt
  const { allowAccountSwitch, waitUntil } = engine.config
  const event: Granted = {
    type: 'granted',
    principal,
    tokens,
    requestedScopes,
    state,
    identity,
    allowAccountSwitch,
  }
  const result = await commitRepeatedly(engine, connection, event)
  if ('stored' in result) return settle(engine, connection, result.stored, tokens)
  const { failure } = result
  if (failure.written !== 'unknown') throw await undo(engine, attempt, tokens, failure, hadTokens)
  inBackground(waitUntil, storeLater(engine, connection, event))
  throw new RecruitOAuthError('grant-outcome-unknown', {
    dataCenter: tokens.dataCenter,
    errors: [failure],
  })
}

/**
 * A store that failed once is asked again while the budget for storing lasts; a grant that was
 * stored after all is known by the machine. A failure is `unknown` when one of the tries was: that
 * write may arrive after a later one was refused.
 */
const commitRepeatedly = async (
  { config, records }: Engine,
  id: ConnectionId,
  event: Granted,
): Promise<{ readonly stored: Committed } | { readonly failure: RecruitOAuthError }> => {
  const deadline = config.monotonic() + timeBudget.commitMs
  let isUnknown = false
  for (let pauseMs = 100; ; pauseMs *= 2) {
    try {
      return { stored: await records.commit(id, event) }
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      isUnknown ||= error.written === 'unknown'
      if (error.remedy !== 'retry' || config.monotonic() + pauseMs > deadline) {
        return {
          failure: isUnknown ? Object.assign(error, { written: 'unknown' as const }) : error,
        }
      }
    }
    await sleep(pauseMs)
  }
}

/**
 * Another consent may have been stored meanwhile: revoking this refresh token could end its grant.
 */
const hasTokens = async ({ records }: Engine, id: ConnectionId): Promise<boolean> =>
  records.read(id).then(
    ({ record }) => record.tokens !== undefined,
    () => false,
  )

const revokeNow = (
  engine: Engine,
  id: ConnectionId,
  ordered: Committed,
): Promise<RecruitOAuthError[]> =>
  callRevocationEndpoints(engine, id, ordered, timeBudget.commitMs).catch((error: unknown) =>
    isRecruitOAuthError(error) ? [error] : [],
  )

/**
 * The store has answered: the grant stands, or the machine refused it and ordered its refresh token
 * to be revoked.
 */
const settle = async (
  engine: Engine,
  id: ConnectionId,
  stored: Committed,
  { dataCenter }: TokenSet,
): Promise<void> => {
  remember(engine, id, stored)
  dropSharedWork(engine, id)
  const refusal = refusalIn(stored.effects, dataCenter)
  if (!refusal) return
  throw new RecruitOAuthError(refusal.code, {
    dataCenter,
    errors: await revokeNow(engine, id, stored),
  })
}

/** Goes on behind the answer, so that a store that comes back soon costs no consent. */
const storeLater = async (engine: Engine, id: ConnectionId, event: Granted): Promise<void> => {
  const stored = await commitLater(engine, id, { ...event, isDelayed: true })
  if (stored) await settle(engine, id, stored, event.tokens)
}

/**
 * Nothing was written. The refresh token is stored for its revocation, if the store takes that.
 * Otherwise, where no token set stands, it is revoked at once; if the store takes writes again
 * within 15 s, the attempt is then closed, and a token that Zoho did not confirm as revoked is
 * stored for recovery.
 */
const undo = async (
  engine: Engine,
  { connection, state }: Attempt,
  tokens: TokenSet,
  failure: RecruitOAuthError,
  hadTokens: boolean,
): Promise<RecruitOAuthError> => {
  const { dataCenter, refreshToken } = tokens
  const errors = [failure]
  const abandoned = await engine.records
    .commit(connection, { type: 'grantAbandoned', state, tokens })
    .catch(() => undefined)
  if (abandoned) {
    errors.push(...(await revokeNow(engine, connection, abandoned)))
  } else if (!hadTokens && !(await hasTokens(engine, connection))) {
    const revoked = await revokeToken(callTo(engine, dataCenter, timeBudget.commitMs), refreshToken)
    if (!revoked.ok) errors.push(new RecruitOAuthError('revocation-failed', { dataCenter }))
    const event: ConnectionEvent = revoked.ok
      ? { type: 'attemptFailed', state, code: 'grant-not-stored' }
      : { type: 'grantAbandoned', state, tokens }
    inBackground(engine.config.waitUntil, closeLater(engine, connection, event))
  }
  return new RecruitOAuthError('grant-not-stored', { dataCenter, errors })
}

const closeLater = async (
  engine: Engine,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const closed = await commitLater(engine, id, event)
  if (closed) await callRevocationEndpoints(engine, id, closed, timeBudget.refreshMs)
}
