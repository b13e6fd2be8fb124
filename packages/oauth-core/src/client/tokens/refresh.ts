import { errorCodes } from '../../errors/codes.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId, TokenSet } from '../../domain/record.ts'
import { Secret } from '../../domain/secret.ts'
import { clockSlackMs, timeBudget } from '../../domain/time.ts'
import type { Effect, ServableTokens } from '../../machine/decision.ts'
import type { ConnectionEvent } from '../../machine/events.ts'
import { servableTokens } from '../../machine/freshness.ts'
import { transition } from '../../machine/transition.ts'
import type { WaitUntil } from '../../config/host.ts'
import type { Outcome, TokenAnswer } from '../../endpoints/outcome.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sleep } from '../../internal/async.ts'
import { retryLater } from '../retry-later.ts'
import {
  endpointCall,
  isConfigured,
  randomId,
  refusalOf,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import { runInBackground } from '../background.ts'
import type { StoredState } from '../../store/repository.ts'
import { noteApiDomain, tokenSetFacts } from './token-set.ts'

export interface RefreshRequest {
  /** The id of an access token that is not good enough: rejected, or to be replaced. */
  readonly rejectedTokenId?: string | undefined
  /** The endpoint of the API that refused it. */
  readonly endpoint?: string | undefined
  /** Nobody waits: refresh when due, not only when stale. */
  readonly proactive?: boolean
}

/**
 * One refresh, from asking for the lease to storing the answer, or the wait for whoever holds it.
 * Never tied to a caller's abort: once the lease is taken, it is carried to its end.
 */
export const refreshConnection = async (
  engine: ClientContext,
  id: ConnectionId,
  wanted: RefreshRequest,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const { monotonic } = engine.config
  const holder = randomId(engine)
  const deadline = monotonic() + timeBudget.callerWaitMs
  let pollMs = 25
  while (monotonic() < deadline) {
    const standing = await engine.repository.apply(id, {
      type: 'refreshRequested',
      holder,
      ...wanted,
    })
    cacheRecord(engine, id, standing)
    const served = await follow(
      { engine, id, holder, waitUntil, rejectedTokenId: wanted.rejectedTokenId },
      standing,
      standing.effects,
    )
    if (served) return served
    // So much later than the holder, at most, a process hears of the new token.
    await sleep(Math.min(pollMs, 200))
    pollMs *= 2
  }
  throw new RecruitOAuthError('refresh-timed-out')
}

/** One refresh of this process. `waitUntil` is that of whoever began it. */
interface RefreshAttempt {
  readonly engine: ClientContext
  readonly id: ConnectionId
  readonly holder: string
  readonly waitUntil: WaitUntil
  readonly rejectedTokenId: string | undefined
}

/** Carries out what the machine ordered; `undefined` means: ask again. */
const follow = async (
  flight: RefreshAttempt,
  standing: StoredState,
  effects: readonly Effect[],
): Promise<ServableTokens | undefined> => {
  const refusal = refusalOf(effects, standing.record.tokens?.dataCenter)
  if (refusal) throw refusal
  for (const effect of effects) {
    if (effect.type === 'serve') return effect.tokens
    if (effect.type === 'callTokenEndpoint')
      return refresh(flight, standing, effect.tokens, effect.leaseUntil)
  }
  return undefined
}

const refresh = async (
  flight: RefreshAttempt,
  leased: StoredState,
  tokens: TokenSet,
  leaseUntil: number,
): Promise<ServableTokens | undefined> => {
  const { engine, id, holder } = flight
  const room = leaseUntil - (engine.repository.clock.now() ?? leased.now) - timeBudget.commitMs
  if (room < clockSlackMs) {
    await engine.repository.apply(id, { type: 'leaseReleased', holder })
    return undefined
  }
  const sentAt = engine.repository.clock.now() ?? leased.now
  // Ahead of time nobody waits, and a second request would only spend the budget.
  const outcome = await callTokenEndpoint(
    engine,
    tokens,
    Math.min(timeBudget.refreshMs, room),
    !servableTokens(leased.record, sentAt),
  )
  const event = toRefreshEvent(flight, tokens, outcome, sentAt)
  if (outcome.ok) noteApiDomain(engine, id, tokens.dataCenter, outcome.value.apiDomain)
  // Point of no return: Zoho has counted this token. It is stored, or at least served, whatever
  // happens now.
  const settled = await engine.repository
    .apply(id, event)
    .catch((error: unknown) => (outcome.ok ? undefined : Promise.reject(error)))
  if (!settled) return serveBeforeSave(flight, leased, event)
  cacheRecord(engine, id, settled)
  return follow(flight, settled, settled.effects)
}

/**
 * The store failed after Zoho answered: the callers get their token, and the write is tried again
 * behind them.
 */
const serveBeforeSave = (
  { engine, id, waitUntil }: RefreshAttempt,
  leased: StoredState,
  event: ConnectionEvent,
): ServableTokens | undefined => {
  const now = engine.repository.clock.now() ?? leased.now
  engine.config.onEvent({ type: 'save-failed', connection: id })
  engine.pendingWrites.set(id, event)
  runInBackground(waitUntil, retrySave(engine, id, event))
  const known = engine.cache.get(id)
  const latest = known && known.readSequence > leased.readSequence ? known : leased
  // The record in memory may be outdated: read the store.
  if (!latest.record) return undefined
  const [record] = transition(latest.record, event, now)
  cacheRecord(engine, id, {
    record,
    readSequence: engine.repository.nextSequence(),
    readAt: latest.readAt,
  })
  return servableTokens(record, now)
}

const retrySave = async (
  engine: ClientContext,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<void> => {
  const saved = await retryLater(() => savePendingWrite(engine, id, event))
  if (saved) cacheRecord(engine, id, saved)
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
  engine: ClientContext,
  tokens: TokenSet,
  deadlineMs: number,
  retryOnce: boolean,
): Promise<Outcome<TokenAnswer>> => {
  const { monotonic, random } = engine.config
  if (!isConfigured(engine, tokens.dataCenter))
    return { ok: false, failure: { code: 'data-center-unknown', mayHaveBeenSent: false }, calls: 0 }
  const deadline = monotonic() + deadlineMs
  const grant = { type: 'refresh_token', refreshToken: tokens.refreshToken } as const
  const first = await requestTokens(endpointCall(engine, tokens.dataCenter, deadlineMs), grant)
  const pauseMs = 200 + (random(1)[0] as number) * 7
  const left = deadline - monotonic() - pauseMs
  if (
    first.ok ||
    !retryOnce ||
    first.failure.code === 'throttled' ||
    errorCodes[first.failure.code].remedy !== 'retry' ||
    left < 500
  )
    return first
  await sleep(pauseMs)
  const second = await requestTokens(endpointCall(engine, tokens.dataCenter, left), grant)
  return { ...second, calls: first.calls + second.calls }
}

const toRefreshEvent = (
  { engine, holder, rejectedTokenId }: RefreshAttempt,
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
    const { code, retryAfterMs } = outcome.failure
    if (code === 'code-rejected') return { type: 'refreshRefused', ...about }
    if (code === 'throttled') return { type: 'refreshThrottled', ...about, retryAfterMs }
    return { type: 'refreshFailed', code, ...about }
  }
  const { refreshToken, ...answer } = outcome.value
  return {
    type: 'refreshed',
    ...about,
    ...tokenSetFacts(engine, answer, sentAt),
    ...(refreshToken &&
      refreshToken.reveal() !== tokens.refreshToken.reveal() && {
        rotated: {
          refreshToken: new Secret(refreshToken.reveal()),
          refreshTokenId: randomId(engine),
        },
      }),
  }
}
