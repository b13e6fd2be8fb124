import { noTokenReason, type ConnectionId, type ConnectionRecord } from '../../domain/record.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ServableTokens } from '../../machine/decision.ts'
import { unexpiredTokens, servableTokens } from '../../machine/freshness.ts'
import { isRefreshDue } from '../../machine/refresh.ts'
import { transition } from '../../machine/transition.ts'
import type { WaitUntil } from '../../config/host.ts'
import { cacheRecord, type ClientContext } from '../context.ts'
import { runInBackground } from '../background.ts'
import type { StoredState } from '../../store/repository.ts'
import { refreshConnection, savePendingWrite, type RefreshRequest } from './refresh.ts'

/**
 * A cached record older than this is read again before it is used. So this process sees a
 * revocation by another process within this time.
 */
const revalidateAfterMs = 30_000

/** From this age on, a cached record is read again in the background. */
const revalidateInBackgroundAfterMs = revalidateAfterMs / 2

/** Pause after a failed proactive refresh, so that not every caller asks a failing store. */
const refreshBackoffMs = 5_000

/**
 * The cached record, after a new read if it is 30 s old. `undefined` if none is cached, or if its
 * last successful read is longer ago than `serveWithoutStoreMs`.
 */
const revalidatedRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord | undefined> => {
  const entry = client.cache.get(id)
  if (!entry?.record) return undefined
  const ageMs = client.config.monotonic() - entry.lastReadAttemptAt
  if (ageMs >= revalidateAfterMs) await revalidate(client, id, waitUntil)
  else if (ageMs >= revalidateInBackgroundAfterMs)
    runInBackground(waitUntil, revalidate(client, id, waitUntil))
  return usableCachedRecord(client, id)
}

/** The cached record, unless it was read longer than `serveWithoutStoreMs` ago. */
const usableCachedRecord = (
  { cache, config }: ClientContext,
  id: ConnectionId,
): ConnectionRecord | undefined => {
  const entry = cache.get(id)
  if (!entry) return undefined
  const isUsable = config.monotonic() - entry.readAt < config.serveWithoutStoreMs
  return isUsable ? entry.record : undefined
}

/** The cached record if it is active, else the stored record. */
export const readRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord> => {
  const record = await revalidatedRecord(client, id, waitUntil)
  return record?.status === 'active' ? record : loadRecord(client, id)
}

const loadRecord = async (client: ClientContext, id: ConnectionId): Promise<ConnectionRecord> => {
  const state = await client.repository.read(id)
  cacheRecord(client, id, state)
  // A read that started later may have ended first. Then the cached record is newer.
  return client.cache.get(id)?.record ?? state.record
}

/**
 * The connection's token set with a valid access token. A fresh token comes from memory. A due
 * token comes from memory too, and one refresh starts in the background. A stale token (expired, or
 * about to expire) is replaced first, by one refresh that callers share. See `Freshness`.
 */
export const currentTokens = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const record = await revalidatedRecord(client, id, waitUntil)
  const now = client.repository.clock.now()
  const cachedTokens = record && now !== undefined ? servableTokens(record, now) : undefined
  const tokens = cachedTokens ?? (await refreshOrServeUnexpired(client, id, waitUntil))
  refreshProactively(client, id, waitUntil)
  return tokens
}

const refreshOrServeUnexpired = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  try {
    return await joinRefresh(client, id, {}, waitUntil)
  } catch (error) {
    return unexpiredOrThrow(client, id, error)
  }
}

/** The unexpired access token from memory, if the store failed. Throws `error` otherwise. */
const unexpiredOrThrow = (
  client: ClientContext,
  id: ConnectionId,
  error: unknown,
): ServableTokens => {
  const record = usableCachedRecord(client, id)
  const now = client.repository.clock.now()
  const tokens = record && now !== undefined ? unexpiredTokens(record, now) : undefined
  const isStoreFailure = isRecruitOAuthError(error) && storeFailureCodes.has(error.code)
  if (!tokens || !isStoreFailure) throw error
  return tokens
}

/** A refresh times out, for example, if the store is slow. */
const storeFailureCodes = new Set<ErrorCode>([
  'store-unavailable',
  'store-contended',
  'refresh-timed-out',
])

/**
 * Refreshes a due token in the background, even if this process has just read the record for the
 * first time. Otherwise an edge runtime, where each request can be a new process, would never
 * refresh before the token is stale.
 */
const refreshProactively = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): void => {
  const { cache, repository, config } = client
  const entry = cache.get(id)
  const now = repository.clock.now()
  if (!entry?.record || now === undefined || !isRefreshDue(entry.record, now)) return
  if (config.monotonic() < (entry.backoffUntil ?? 0)) return
  const backOff = () => {
    const latest = cache.get(id)
    if (latest) cache.set(id, { ...latest, backoffUntil: config.monotonic() + refreshBackoffMs })
  }
  const refreshing = joinRefresh(client, id, { proactive: true }, waitUntil)
  runInBackground(waitUntil, refreshing.catch(backOff))
}

/**
 * Callers of this process share one refresh if the same API endpoint rejected the same access token
 * of theirs, or if none was rejected. Other callers start a refresh of their own, because the state
 * machine can refuse one of them and serve the other. If the connection is not active afterwards,
 * no caller gets the token, even if the caller joined before the revocation.
 */
export const joinRefresh = async (
  client: ClientContext,
  id: ConnectionId,
  request: RefreshRequest,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const tokens = await client.inFlightRefreshes.join({
    id,
    key: `${request.rejectedTokenId}\n${request.endpoint}`,
    start: () => refreshConnection(client, id, request, waitUntil),
    waitUntil,
    onTimeout: () => {
      throw new RecruitOAuthError('refresh-timed-out')
    },
  })
  const { status } = client.cache.get(id)?.record ?? (await loadRecord(client, id))
  if (status !== 'active') throw new RecruitOAuthError(noTokenReason(status))
  return tokens
}

/**
 * Reads the record again. If the result of a refresh could not be stored (`pendingWrites`), its
 * write is retried first. If the store fails, the cached record stays in use until
 * `serveWithoutStoreMs` is over, and for the next 30 s no caller waits for another read. If only
 * the write fails, the refreshed token stays in memory.
 */
const revalidate = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<void> => {
  const postponeNextRead = () => {
    const entry = client.cache.get(id)
    const lastReadAttemptAt = client.config.monotonic()
    if (entry) client.cache.set(id, { ...entry, lastReadAttemptAt })
  }
  const start = () =>
    readWithPendingWrite(client, id).then(
      (state) => cacheRecord(client, id, state),
      postponeNextRead,
    )
  return client.inFlightReads.join({ id, key: '', start, waitUntil, onTimeout: postponeNextRead })
}

const readWithPendingWrite = async (
  client: ClientContext,
  id: ConnectionId,
): Promise<StoredState> => {
  const event = client.pendingWrites.get(id)
  if (!event) return client.repository.read(id)
  const saved = await savePendingWrite(client, id, event)
  if (saved) return saved
  const state = await client.repository.read(id)
  // The record as it will be once the event can be stored.
  const { record } = transition(state.record, event, state.now)
  return { ...state, record }
}
