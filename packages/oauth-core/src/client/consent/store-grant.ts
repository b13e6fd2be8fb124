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
 * Stores the grant. Zoho has issued a refresh token: it is stored, or revoked if nothing was
 * written. If the outcome of the write is unknown, nothing is revoked, because the write may still
 * be applied.
 * @param hadTokens the connection had a token set before. Then the new refresh token is not revoked
 * if it cannot be stored, because that could revoke the whole grant
 * @throws `connection-revoked`, `account-switched`, `grant-not-stored`, `grant-outcome-unknown`
 */
export const storeGrant = async (
  client: ClientContext,
  attempt: ExchangeAttempt,
  tokens: TokenSet,
  identity: Identity,
  hadTokens: boolean,
): Promise<void> => {
  const { connection, principal, state, scopes: requestedScopes } = attempt
  const { allowAccountSwitch, waitUntil } = client.config
  const event: EventOf<'granted'> = {
    type: 'granted',
    principal,
    tokens,
    requestedScopes,
    state,
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
 * Retries for `commitMs` if the store fails. The machine recognises a grant that was stored
 * already. The failure is `unknown` if one of the tries was, because that write may still be
 * applied after a later one was refused.
 */
const applyWithRetries = async (
  { config, repository }: ClientContext,
  id: ConnectionId,
  event: EventOf<'granted'>,
): Promise<{ readonly stored: AppliedState } | { readonly failure: RecruitOAuthError }> => {
  const deadline = config.monotonic() + timeBudget.commitMs
  let isUnknown = false
  let pauseMs = 100
  while (true) {
    try {
      return { stored: await repository.apply(id, event) }
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      isUnknown ||= error.written === 'unknown'
      const hasTimeLeft = config.monotonic() + pauseMs <= deadline
      if (error.remedy !== 'retry' || !hasTimeLeft)
        return { failure: isUnknown ? Object.assign(error, { written: 'unknown' }) : error }
    }
    await sleep(pauseMs)
    pauseMs *= 2
  }
}

/**
 * Does the connection have a token set now? Another consent may have been stored meanwhile, and
 * revoking this refresh token could end its grant.
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
 * After the store has answered: the grant is stored, or the machine refused it. Then its refresh
 * token is revoked, and the refusal is thrown.
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

/** Retries in the background, so that the user does not have to repeat the consent. */
const retryGrant = async (
  client: ClientContext,
  id: ConnectionId,
  event: EventOf<'granted'>,
): Promise<void> => {
  const stored = await applyLater(client, id, { ...event, isDelayed: true })
  if (stored) await finishGrant(client, id, stored, event.tokens)
}

/**
 * Nothing was written, so the refresh token has to be revoked. It is stored for its revocation. If
 * that fails too, and the connection has no other token set, it is revoked at once. If the store
 * works again within 15 s, the attempt is then closed, and a token that Zoho did not confirm as
 * revoked is stored for recovery.
 */
const abandonGrant = async (
  client: ClientContext,
  { connection, state }: ExchangeAttempt,
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
    const call = endpointCall(client, dataCenter, timeBudget.commitMs)
    const revoked = await revokeToken(call, refreshToken)
    if (!revoked.ok) errors.push(new RecruitOAuthError('revocation-failed', { dataCenter }))
    const event: ConnectionEvent = revoked.ok
      ? { type: 'attemptFailed', state, code: 'grant-not-stored' }
      : { type: 'grantAbandoned', state, tokens }
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
