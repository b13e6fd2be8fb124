import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, Identity, TokenSet } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import type { ConnectionEvent } from '../../machine/events.ts'
import { revokeToken } from '../../endpoints/revocation.ts'
import { sleep } from '../../internal/async.ts'
import { applyLater } from '../retry-later.ts'
import {
  endpointCall,
  dropInFlightWork,
  refusalOf,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import type { Attempt } from './exchange.ts'
import { runInBackground } from '../background.ts'
import type { AppliedState } from '../../store/repository.ts'
import { callRevocationEndpoints } from '../tokens/revoke.ts'

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
  client: ClientContext,
  attempt: Attempt,
  tokens: TokenSet,
  identity: Identity,
  hadTokens: boolean,
): Promise<void> => {
  const { connection, principal, state, scopes: requestedScopes } = attempt
  const { allowAccountSwitch, waitUntil } = client.config
  const event: Granted = {
    type: 'granted',
    principal,
    tokens,
    requestedScopes,
    state,
    identity,
    allowAccountSwitch,
  }
  const result = await applyWithRetries(client, connection, event)
  if ('stored' in result) return settle(client, connection, result.stored, tokens)
  const { failure } = result
  if (failure.written !== 'unknown') throw await undo(client, attempt, tokens, failure, hadTokens)
  runInBackground(waitUntil, storeLater(client, connection, event))
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
const applyWithRetries = async (
  { config, repository }: ClientContext,
  id: ConnectionId,
  event: Granted,
): Promise<{ readonly stored: AppliedState } | { readonly failure: RecruitOAuthError }> => {
  const deadline = config.monotonic() + timeBudget.commitMs
  let isUnknown = false
  for (let pauseMs = 100; ; pauseMs *= 2) {
    try {
      return { stored: await repository.apply(id, event) }
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
const hasTokens = async ({ repository }: ClientContext, id: ConnectionId): Promise<boolean> =>
  repository.read(id).then(
    ({ record }) => record.tokens !== undefined,
    () => false,
  )

const revokeNow = (
  client: ClientContext,
  id: ConnectionId,
  ordered: AppliedState,
): Promise<RecruitOAuthError[]> =>
  callRevocationEndpoints(client, id, ordered, timeBudget.commitMs).catch((error: unknown) =>
    isRecruitOAuthError(error) ? [error] : [],
  )

/**
 * The store has answered: the grant stands, or the machine refused it and ordered its refresh token
 * to be revoked.
 */
const settle = async (
  client: ClientContext,
  id: ConnectionId,
  stored: AppliedState,
  { dataCenter }: TokenSet,
): Promise<void> => {
  cacheRecord(client, id, stored)
  dropInFlightWork(client, id)
  const refusal = refusalOf(stored.decision, dataCenter)
  if (!refusal) return
  throw new RecruitOAuthError(refusal.code, {
    dataCenter,
    errors: await revokeNow(client, id, stored),
  })
}

/** Goes on behind the answer, so that a store that comes back soon costs no consent. */
const storeLater = async (
  client: ClientContext,
  id: ConnectionId,
  event: Granted,
): Promise<void> => {
  const stored = await applyLater(client, id, { ...event, isDelayed: true })
  if (stored) await settle(client, id, stored, event.tokens)
}

/**
 * Nothing was written. The refresh token is stored for its revocation, if the store takes that.
 * Otherwise, where no token set stands, it is revoked at once; if the store takes writes again
 * within 15 s, the attempt is then closed, and a token that Zoho did not confirm as revoked is
 * stored for recovery.
 */
const undo = async (
  client: ClientContext,
  { connection, state }: Attempt,
  tokens: TokenSet,
  failure: RecruitOAuthError,
  hadTokens: boolean,
): Promise<RecruitOAuthError> => {
  const { dataCenter, refreshToken } = tokens
  const errors = [failure]
  const abandoned = await client.repository
    .apply(connection, { type: 'grantAbandoned', state, tokens })
    .catch(() => undefined)
  if (abandoned) {
    errors.push(...(await revokeNow(client, connection, abandoned)))
  } else if (!hadTokens && !(await hasTokens(client, connection))) {
    const revoked = await revokeToken(
      endpointCall(client, dataCenter, timeBudget.commitMs),
      refreshToken,
    )
    if (!revoked.ok) errors.push(new RecruitOAuthError('revocation-failed', { dataCenter }))
    const event: ConnectionEvent = revoked.ok
      ? { type: 'attemptFailed', state, code: 'grant-not-stored' }
      : { type: 'grantAbandoned', state, tokens }
    runInBackground(client.config.waitUntil, closeLater(client, connection, event))
  }
  return new RecruitOAuthError('grant-not-stored', { dataCenter, errors })
}

const closeLater = async (
  client: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const closed = await applyLater(client, id, event)
  if (closed) await callRevocationEndpoints(client, id, closed, timeBudget.refreshMs)
}
