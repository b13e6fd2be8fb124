import { errorCodes } from '../../errors/codes.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, TokenSet } from '../../domain/record.ts'
import { Secret } from '../../domain/secret.ts'
import { clockSlackMs, timeBudget } from '../../domain/time.ts'
import { serve, type Decision, type ServableTokens } from '../../machine/decision.ts'
import type { ConnectionEvent } from '../../machine/events.ts'
import { servableTokens } from '../../machine/freshness.ts'
import { transition } from '../../machine/transition.ts'
import type { WaitUntil } from '../../config/host.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import type { Outcome, TokenAnswer } from '../../endpoints/outcome.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sleep } from '../../internal/async.ts'
import { retryLater } from '../retry-later.ts'
import {
  endpointCall,
  isConfigured,
  randomId,
  toError,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import { runInBackground } from '../background.ts'
import type { AppliedState, StoredState } from '../../store/repository.ts'
import { noteApiDomain, tokenSetFacts } from './token-set.ts'

export interface RefreshRequest {
  /** The id of an access token that is not good enough: rejected, or to be replaced. */
  readonly rejectedTokenId?: string | undefined
  /** The endpoint of the API that refused it. */
  readonly endpoint?: string | undefined
  /** Nobody waits: refresh when due, not only when stale. */
  readonly proactive?: boolean
}

/** One refresh of this process. `waitUntil` is that of the caller that started it. */
interface RefreshAttempt {
  readonly client: ClientContext
  readonly id: ConnectionId
  readonly holder: string
  readonly waitUntil: WaitUntil
  readonly rejectedTokenId: string | undefined
}

/**
 * Refreshes the access token, or waits for the process that is refreshing it. A caller's abort does
 * not end it: once this process has the lease, it carries the refresh to its end.
 */
export const refreshConnection = async (
  client: ClientContext,
  id: ConnectionId,
  request: RefreshRequest,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const { monotonic } = client.config
  const holder = randomId(client)
  const attempt = { client, id, holder, waitUntil, rejectedTokenId: request.rejectedTokenId }
  const deadline = monotonic() + timeBudget.callerWaitMs
  let pollMs = 25
  while (monotonic() < deadline) {
    const requested = await client.repository.apply(id, {
      type: 'refreshRequested',
      holder,
      ...request,
    })
    cacheRecord(client, id, requested)
    const { record, decision } =
      requested.decision.type === 'refresh'
        ? await refreshWithLease(attempt, requested, requested.decision)
        : requested
    switch (decision.type) {
      case 'serve':
        return decision.tokens
      case 'refuse':
        throw toError(decision, record.tokens?.dataCenter)
      case 'wait':
      case 'proceed':
      case 'refresh':
      case 'revoke':
        // Upper bound on how late a waiter sees the new token: 200 ms.
        await sleep(Math.min(pollMs, 200))
        pollMs *= 2
    }
  }
  throw new RecruitOAuthError('refresh-timed-out')
}

/** Calls the token endpoint and stores its answer. `wait`: read the store again. */
const refreshWithLease = async (
  attempt: RefreshAttempt,
  leased: StoredState,
  { tokens, leaseUntil }: Extract<Decision, { type: 'refresh' }>,
): Promise<Pick<AppliedState, 'record' | 'decision'>> => {
  const { client, id, holder } = attempt
  const { repository } = client
  const sentAt = repository.clock.now() ?? leased.now
  const availableMs = leaseUntil - sentAt - timeBudget.commitMs
  if (availableMs < clockSlackMs) return repository.apply(id, { type: 'leaseReleased', holder })
  // While the stored token is valid nobody waits: a second request would only spend the budget.
  const retryOnce = !servableTokens(leased.record, sentAt)
  const deadlineMs = Math.min(timeBudget.refreshMs, availableMs)
  const outcome = await callTokenEndpoint(client, tokens, deadlineMs, retryOnce)
  const event = toRefreshEvent(attempt, tokens, outcome, sentAt)
  if (outcome.ok) noteApiDomain(client, id, tokens.dataCenter, outcome.value.apiDomain)
  try {
    const stored = await repository.apply(id, event)
    cacheRecord(client, id, stored)
    return stored
  } catch (error) {
    // Zoho has counted this token, so it is served even if it cannot be stored.
    if (outcome.ok) return serveBeforeSave(attempt, leased, event)
    throw error
  }
}

/** The store failed after Zoho answered: serves the token from memory and retries the write. */
const serveBeforeSave = (
  { client, id, waitUntil }: RefreshAttempt,
  leased: StoredState,
  event: ConnectionEvent,
): Pick<AppliedState, 'record' | 'decision'> => {
  const now = client.repository.clock.now() ?? leased.now
  client.config.onEvent({ type: 'save-failed', connection: id })
  client.pendingWrites.set(id, event)
  runInBackground(waitUntil, retrySave(client, id, event))
  const cached = client.cache.get(id)
  const latest = cached && cached.readSequence > leased.readSequence ? cached : leased
  // The cached record may be outdated: read the store.
  if (!latest.record) return { record: leased.record, decision: { type: 'wait', until: now } }
  const { record } = transition(latest.record, event, now)
  cacheRecord(client, id, {
    record,
    readSequence: client.repository.nextSequence(),
    readAt: latest.readAt,
  })
  const tokens = servableTokens(record, now)
  return { record, decision: tokens ? serve(tokens) : { type: 'wait', until: now } }
}

const retrySave = async (
  client: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const saved = await retryLater(() => savePendingWrite(client, id, event))
  if (saved) cacheRecord(client, id, saved)
}

/**
 * Tries once more to store what a refresh gave; the machine decides what it still counts.
 * `undefined`: not this time.
 */
export const savePendingWrite = async (
  { repository, pendingWrites }: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<StoredState | undefined> => {
  const saved = await repository.apply(id, event).catch(() => undefined)
  if (saved && pendingWrites.get(id) === event) pendingWrites.delete(id)
  return saved
}

/**
 * At most two requests, all within one deadline. Asking twice for an access token harms nothing but
 * the budget.
 */
const callTokenEndpoint = async (
  client: ClientContext,
  tokens: TokenSet,
  deadlineMs: number,
  retryOnce: boolean,
): Promise<Outcome<TokenAnswer>> => {
  const { monotonic, random } = client.config
  if (!isConfigured(client, tokens.dataCenter))
    return {
      ok: false,
      failure: { reason: 'data_center_not_configured', mayHaveBeenSent: false },
      calls: 0,
    }
  const deadline = monotonic() + deadlineMs
  const grant = { type: 'refresh_token', refreshToken: tokens.refreshToken } as const
  const first = await requestTokens(endpointCall(client, tokens.dataCenter, deadlineMs), grant)
  const pauseMs = 200 + (random(1)[0] as number) * 7
  const left = deadline - monotonic() - pauseMs
  if (
    first.ok ||
    !retryOnce ||
    first.failure.reason === 'rate_limited' ||
    errorCodes[toErrorCode(first.failure.reason)].remedy !== 'retry' ||
    left < 500
  )
    return first
  await sleep(pauseMs)
  const second = await requestTokens(endpointCall(client, tokens.dataCenter, left), grant)
  return { ...second, calls: first.calls + second.calls }
}

const toRefreshEvent = (
  { client, holder, rejectedTokenId }: RefreshAttempt,
  tokens: TokenSet,
  outcome: Outcome<TokenAnswer>,
  sentAt: number,
): ConnectionEvent => {
  const about = {
    holder,
    refreshTokenId: tokens.refreshTokenId,
    calls: outcome.calls,
    ...(rejectedTokenId !== undefined && { rejectedTokenId }),
  }
  if (!outcome.ok) {
    const { reason, retryAfterMs } = outcome.failure
    if (reason === 'invalid_grant') return { type: 'refreshRefused', ...about }
    if (reason === 'rate_limited') return { type: 'refreshThrottled', ...about, retryAfterMs }
    return { type: 'refreshFailed', code: toErrorCode(reason), ...about }
  }
  const { refreshToken, ...answer } = outcome.value
  return {
    type: 'refreshed',
    ...about,
    ...tokenSetFacts(client, answer, sentAt),
    ...(refreshToken &&
      refreshToken.reveal() !== tokens.refreshToken.reveal() && {
        rotated: {
          refreshToken: new Secret(refreshToken.reveal()),
          refreshTokenId: randomId(client),
        },
      }),
  }
}
