import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, Identity, TokenSet } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import type { ConnectionEvent, EventOf } from '../../machine/events.ts'
import { revokeToken } from '../../endpoints/revocation.ts'
import { sleep } from '../../internal/async.ts'
import {
  endpointCall,
  dropInFlightWork,
  refusalError,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import type { ExchangeAttempt } from './exchange.ts'
import { applyLater, runInBackground } from '../background.ts'
import type { AppliedState } from '../../store/repository.ts'
import { callRevocationEndpoints } from '../tokens/revoke.ts'

/**
 * Stores the grant. If the store has written nothing, the new refresh token is revoked. If the
 * outcome of the write is unknown, nothing is revoked, because the write may still be applied.
 * @param hadTokens whether the connection had a token set before. If so, a new refresh token that
 * cannot be stored is not revoked, because that could revoke the whole grant
 * @param identity absent if it was not read, because no account was known to compare it with
 * @throws `account-unread` if an account is known meanwhile; `connection-revoked`,
 * `account-switched`, `grant-not-stored`, `grant-outcome-unknown`
 */
export const storeGrant = async (
  client: ClientContext,
  attempt: ExchangeAttempt,
  tokens: TokenSet,
  identity: Identity | undefined,
  hadTokens: boolean,
): Promise<void> => {
  const { connection, principal, stateHash, scopes: requestedScopes } = attempt
  const { allowAccountSwitch, waitUntil } = client.config
  const event: EventOf<'granted'> = {
    type: 'granted',
    principal,
    tokens,
    requestedScopes,
    stateHash,
    identity,
    allowAccountSwitch,
  }
  const result = await applyWithRetries(client, connection, event)
  if ('stored' in result) return finishGrant(client, connection, result.stored, tokens)
  const { failure } = result
  if (failure.written !== 'unknown')
    throw await abandonGrant(client, attempt, tokens, failure, hadTokens)
  runInBackground(waitUntil, retryGrant(client, connection, event))
  throw new RecruitOAuthError('grant-outcome-unknown', {
    dataCenter: tokens.dataCenter,
    errors: [failure],
  })
}

/**
 * Applies the event, and retries for `commitMs` if the store fails. The machine recognises a grant
 * that was stored already. If the outcome of any try is unknown, the failure has
 * `written: 'unknown'`, because that write may still be applied after a later one was refused.
 */
const applyWithRetries = async (
  { config, repository }: ClientContext,
  id: ConnectionId,
  event: EventOf<'granted'>,
): Promise<{ readonly stored: AppliedState } | { readonly failure: RecruitOAuthError }> => {
  const deadline = config.monotonic() + timeBudget.commitMs
  let isOutcomeUnknown = false
  let pauseMs = 100
  while (true) {
    try {
      return { stored: await repository.apply(id, event) }
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      isOutcomeUnknown ||= error.written === 'unknown'
      const hasTimeLeft = config.monotonic() + pauseMs <= deadline
      const canRetry = error.remedy === 'retry' && hasTimeLeft
      if (!canRetry)
        return { failure: isOutcomeUnknown ? Object.assign(error, { written: 'unknown' }) : error }
    }
    await sleep(pauseMs)
    pauseMs *= 2
  }
}

/**
 * Does the connection have a token set now? Another consent may have been stored meanwhile, and
 * revoking the new refresh token could end that consent's grant.
 */
const hasTokens = async ({ repository }: ClientContext, id: ConnectionId): Promise<boolean> =>
  repository.read(id).then(
    ({ record }) => record.tokens !== undefined,
    () => false,
  )

/** Carries out the revocations of a decision, and returns their errors. */
const revokeNow = (
  client: ClientContext,
  id: ConnectionId,
  applied: AppliedState,
): Promise<RecruitOAuthError[]> =>
  callRevocationEndpoints(client, id, applied, timeBudget.commitMs).catch((error: unknown) =>
    isRecruitOAuthError(error) ? [error] : [],
  )

/**
 * Completes a grant to which the event was applied. If the machine refused the grant, this function
 * revokes its refresh token and throws the refusal.
 */
const finishGrant = async (
  client: ClientContext,
  id: ConnectionId,
  stored: AppliedState,
  { dataCenter }: TokenSet,
): Promise<void> => {
  cacheRecord(client, id, stored)
  dropInFlightWork(client, id)
  const refusal = refusalError(stored.decision, dataCenter)
  if (!refusal) return
  const errors = await revokeNow(client, id, stored)
  throw new RecruitOAuthError(refusal.code, { dataCenter, errors })
}

/** Retries in the background to store a grant, so that the user need not repeat the consent. */
const retryGrant = async (
  client: ClientContext,
  id: ConnectionId,
  event: EventOf<'granted'>,
): Promise<void> => {
  const stored = await applyLater(client, id, { ...event, isDelayed: true })
  if (stored) await finishGrant(client, id, stored, event.tokens)
}

/**
 * Revokes the refresh token of a grant that was not written, and returns the error to throw. The
 * token is first stored for its revocation. If this write fails too, and the connection has no
 * other token set, the token is revoked although it is not stored. If the store then works again
 * within 15 s, the result is stored: Zoho's confirmation closes the attempt, and a token that Zoho
 * did not confirm as revoked is kept for recovery.
 */
const abandonGrant = async (
  client: ClientContext,
  { connection, stateHash }: ExchangeAttempt,
  tokens: TokenSet,
  failure: RecruitOAuthError,
  hadTokens: boolean,
): Promise<RecruitOAuthError> => {
  const { dataCenter, refreshToken } = tokens
  const errors = [failure]
  const abandoned = await client.repository
    .apply(connection, { type: 'grantAbandoned', stateHash, tokens })
    .catch(() => undefined)
  if (abandoned) {
    errors.push(...(await revokeNow(client, connection, abandoned)))
  } else if (!hadTokens && !(await hasTokens(client, connection))) {
    const call = endpointCall(client, dataCenter, timeBudget.commitMs)
    const revoked = await revokeToken(call, refreshToken)
    if (!revoked.ok) errors.push(new RecruitOAuthError('revocation-failed', { dataCenter }))
    const event: ConnectionEvent = revoked.ok
      ? { type: 'attemptFailed', stateHash, code: 'grant-not-stored' }
      : { type: 'grantAbandoned', stateHash, tokens }
    runInBackground(client.config.waitUntil, retryAbandon(client, connection, event))
  }
  return new RecruitOAuthError('grant-not-stored', { dataCenter, errors })
}

const retryAbandon = async (
  client: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const applied = await applyLater(client, id, event)
  if (applied) await callRevocationEndpoints(client, id, applied, timeBudget.refreshMs)
}
