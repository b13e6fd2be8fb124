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
 * Before a caller gets an answer from a cached record older than this, the record is read again. So
 * this process sees a revocation by another process within this time.
 */
const revalidateAfterMs = 30_000

/** From this age on, a cached record is read again in the background. */
const revalidateInBackgroundAfterMs = revalidateAfterMs / 2

/** Pause after a failed proactive refresh, so that not every caller asks a failing store. */
const refreshBackoffMs = 5_000

/** The cached record, read again if it is 30 s old. `undefined`: the store has to be read. */
const cachedRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord | undefined> => {
  const cached = client.cache.get(id)
  if (!cached?.record) return undefined
  const ageMs = client.config.monotonic() - cached.lastReadAttemptAt
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
  const cached = cache.get(id)
  if (!cached) return undefined
  const isUsable = config.monotonic() - cached.readAt < config.serveWithoutStoreMs
  return isUsable ? cached.record : undefined
}

/** The cached record if it is active, else the stored record. */
export const readRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord> => {
  const cached = await cachedRecord(client, id, waitUntil)
  return cached?.status === 'active' ? cached : loadRecord(client, id)
}

const loadRecord = async (client: ClientContext, id: ConnectionId): Promise<ConnectionRecord> => {
  const state = await client.repository.read(id)
  cacheRecord(client, id, state)
  // A read that started later may have been answered first. Then the cached record is newer.
  return client.cache.get(id)?.record ?? state.record
}

/**
 * The connection's token set with a valid access token. A fresh token comes from memory. A due
 * token comes from memory too, and one refresh starts in the background. A stale token is replaced
 * first, by one refresh that all callers share.
 */
export const currentTokens = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const record = await cachedRecord(client, id, waitUntil)
  const now = client.repository.clock.now()
  const cached = record && now !== undefined ? servableTokens(record, now) : undefined
  const tokens = cached ?? (await refreshOrUseCached(client, id, waitUntil))
  refreshProactively(client, id, waitUntil)
  return tokens
}

const refreshOrUseCached = async (
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

const storeFailureCodes = new Set<ErrorCode>([
  'store-unavailable',
  'store-contended',
  'refresh-timed-out',
])

/**
 * Refreshes a due token in the background, even if this process has only just read the record: on
 * an edge runtime each request can be a new process.
 */
const refreshProactively = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): void => {
  const { cache, repository, config } = client
  const cached = cache.get(id)
  const now = repository.clock.now()
  if (!cached?.record || now === undefined || !isRefreshDue(cached.record, now)) return
  if (config.monotonic() < (cached.backoffUntil ?? 0)) return
  const backOff = () => {
    const latest = cache.get(id)
    if (latest) cache.set(id, { ...latest, backoffUntil: config.monotonic() + refreshBackoffMs })
  }
  const refreshing = joinRefresh(client, id, { proactive: true }, waitUntil)
  runInBackground(waitUntil, refreshing.catch(backOff))
}

/**
 * In this process, all callers with the same rejected token and endpoint share one refresh. Other
 * callers do not join it, because the machine can refuse a caller that needs another token, and
 * serve the others. If the connection is not active afterwards, no caller gets the token, even if
 * the caller joined before the revocation.
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
 * Reads the record again, and retries a pending write. If the store fails, the cached record stays
 * in use until `serveWithoutStoreMs` is over, and callers wait for another read only after 30 s. If
 * the store can be read but not written, the new token stays in memory.
 */
const revalidate = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<void> => {
  const keepCached = () => {
    const cached = client.cache.get(id)
    const lastReadAttemptAt = client.config.monotonic()
    if (cached) client.cache.set(id, { ...cached, lastReadAttemptAt })
  }
  const start = () =>
    readWithPendingWrite(client, id).then((state) => cacheRecord(client, id, state), keepCached)
  return client.inFlightReads.join({ id, key: '', start, waitUntil, onTimeout: keepCached })
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
