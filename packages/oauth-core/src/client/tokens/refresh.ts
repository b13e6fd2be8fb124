import { errorCodes } from '../../errors/codes.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, TokenSet } from '../../domain/record.ts'
import { clockSlackMs, timeBudget } from '../../domain/time.ts'
import { serve, type Decision, type ServableTokens } from '../../machine/decision.ts'
import type { ConnectionEvent } from '../../machine/events.ts'
import { servableTokens } from '../../machine/freshness.ts'
import { transition } from '../../machine/transition.ts'
import type { WaitUntil } from '../../config/host.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import type { EndpointFailure, Outcome, TokenResponse } from '../../endpoints/outcome.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sleep } from '../../internal/async.ts'
import {
  endpointCall,
  isConfigured,
  randomId,
  toError,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import { retryLater, runInBackground } from '../background.ts'
import type { AppliedState, StoredState } from '../../store/repository.ts'
import { checkApiDomain, toAccessToken } from './token-set.ts'

export interface RefreshRequest {
  /** The id of the access token to replace. */
  readonly rejectedTokenId?: string | undefined
  /** The endpoint of the API that refused this access token. */
  readonly endpoint?: string | undefined
  /** No caller waits: refresh a token that is due, not only a stale one. */
  readonly proactive?: boolean
}

/** One refresh of this process. `waitUntil` belongs to the caller that started it. */
interface RefreshAttempt {
  readonly client: ClientContext
  readonly id: ConnectionId
  /** A random name for this attempt, stored with the lease as its holder. */
  readonly holder: string
  readonly waitUntil: WaitUntil
  readonly rejectedTokenId: string | undefined
}

/** The longest pause between two reads while another process refreshes. */
const maxPollMs = 200

/**
 * Refreshes the access token, or waits for the process that is refreshing it. A caller cannot abort
 * the refresh: once this process has the lease, it completes the refresh.
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
        // There is no result yet. Ask the store again after a pause.
        await sleep(pollMs)
        pollMs = Math.min(2 * pollMs, maxPollMs)
    }
  }
  throw new RecruitOAuthError('refresh-timed-out')
}

/**
 * Calls the token endpoint and stores its response. The decision `wait` means that the caller has
 * to read the store again.
 */
const refreshWithLease = async (
  attempt: RefreshAttempt,
  leased: StoredState,
  { tokens, leaseUntil }: Extract<Decision, { type: 'refresh' }>,
): Promise<Pick<AppliedState, 'record' | 'decision'>> => {
  const { client, id, holder } = attempt
  const { repository } = client
  const sentAt = repository.clock.now() ?? leased.now
  const availableMs = leaseUntil - sentAt - timeBudget.commitMs
  // Too little of the lease is left for a request, so this process gives the lease back.
  if (availableMs < clockSlackMs) return repository.apply(id, { type: 'leaseReleased', holder })
  // While the stored token is valid no caller waits, so a retry would only use up the budget.
  const shouldRetry = !servableTokens(leased.record, sentAt)
  const deadlineMs = Math.min(timeBudget.refreshMs, availableMs)
  const outcome = await callTokenEndpoint(client, tokens, deadlineMs, shouldRetry)
  const event = toRefreshEvent(attempt, tokens, outcome, sentAt)
  if (outcome.ok) checkApiDomain(client, id, tokens.dataCenter, outcome.value.apiDomain)
  try {
    const stored = await repository.apply(id, event)
    cacheRecord(client, id, stored)
    return stored
  } catch (error) {
    // Zoho has counted this request, so the token is served even if it cannot be stored.
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
  // The cached record may be outdated. `wait` makes the caller read the store.
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

/** Retries to store the outcome of a refresh in the background, for some fifteen seconds. */
const retrySave = async (
  client: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const saved = await retryLater(() => savePendingWrite(client, id, event))
  if (saved) cacheRecord(client, id, saved)
}

/**
 * Tries once to store the outcome of a refresh. The machine decides whether it still counts.
 * `undefined`: the store failed.
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

/** The shortest pause before a retry. A random byte makes it up to 1,785 ms longer. */
const minRetryPauseMs = 200
/** A retry is sent only if this much time is left for its response. */
const minRetryMs = 500

/**
 * Sends one request, or two if the first one fails, within one deadline. The second one waits for
 * the `Retry-After` of the first response, and is not sent if that ends too late. If Zoho issued a
 * token for the first request too, the second token does no harm. The second request only uses up
 * budget.
 */
const callTokenEndpoint = async (
  client: ClientContext,
  tokens: TokenSet,
  deadlineMs: number,
  shouldRetry: boolean,
): Promise<Outcome<TokenResponse>> => {
  const { monotonic, random } = client.config
  const { dataCenter, refreshToken } = tokens
  if (!isConfigured(client, dataCenter)) {
    const failure: EndpointFailure = {
      reason: 'data_center_not_configured',
      requestMayHaveBeenSent: false,
    }
    return { ok: false, failure, calls: 0 }
  }
  const deadline = monotonic() + deadlineMs
  const grant = { type: 'refresh_token', refreshToken } as const
  const first = await requestTokens(endpointCall(client, dataCenter, deadlineMs), grant)
  if (first.ok || !shouldRetry || !canRetry(first.failure)) return first
  const ownPauseMs = minRetryPauseMs + (random(1)[0] as number) * 7
  const pauseMs = Math.max(ownPauseMs, first.failure.retryAfterMs ?? 0)
  const remainingMs = deadline - monotonic() - pauseMs
  if (remainingMs < minRetryMs) return first
  await sleep(pauseMs)
  const second = await requestTokens(endpointCall(client, dataCenter, remainingMs), grant)
  return { ...second, calls: first.calls + second.calls }
}

/** Is a second request useful? During a throttle it would prolong the lock-out. */
const canRetry = ({ reason }: EndpointFailure): boolean =>
  reason !== 'rate_limited' && errorCodes[toErrorCode(reason)].remedy === 'retry'

const toRefreshEvent = (
  { client, holder, rejectedTokenId }: RefreshAttempt,
  tokens: TokenSet,
  outcome: Outcome<TokenResponse>,
  sentAt: number,
): ConnectionEvent => {
  const refresh = {
    holder,
    refreshTokenId: tokens.refreshTokenId,
    calls: outcome.calls,
    ...(rejectedTokenId !== undefined && { rejectedTokenId }),
  }
  if (!outcome.ok) {
    const { reason, retryAfterMs, zohoError } = outcome.failure
    const failed = { ...refresh, retryAfterMs, zohoError }
    if (reason === 'invalid_grant') return { type: 'refreshRefused', ...refresh, zohoError }
    if (reason === 'rate_limited') return { type: 'refreshThrottled', ...failed }
    return { type: 'refreshFailed', code: toErrorCode(reason), ...failed }
  }
  const response = outcome.value
  const accessToken = toAccessToken(client, response, sentAt)
  const { apiDomain, refreshToken } = response
  const isRotated = refreshToken && refreshToken.reveal() !== tokens.refreshToken.reveal()
  if (!isRotated) return { type: 'refreshed', ...refresh, accessToken, apiDomain }
  const rotated = { refreshToken, refreshTokenId: randomId(client) }
  return { type: 'refreshed', ...refresh, accessToken, apiDomain, rotated }
}
