import { noTokenReason } from '../../domain/record.ts'
import type { ConnectionId, ConnectionRecord } from '../../domain/record.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { type ServableTokens } from '../../machine/decision.ts'
import { unexpiredTokens, servableTokens } from '../../machine/freshness.ts'
import { isRefreshDue } from '../../machine/refresh.ts'
import { transition } from '../../machine/transition.ts'
import type { WaitUntil } from '../../config/host.ts'
import { cacheRecord, type ClientContext } from '../context.ts'
import { runInBackground } from '../background.ts'
import type { StoredState } from '../../store/repository.ts'
import { refreshConnection, savePendingWrite, type RefreshRequest } from './refresh.ts'

// A revocation elsewhere is seen within 30 s: from half of that on the record is read again behind
// the answer, and beyond it before the answer.
const revalidateAfterMs = 30_000

/** A store that is down is not asked for a lease by every caller of a token that is still good. */
const refreshBackoffMs = 5_000

/**
 * The record as this process knows it, at most 30 s old; `undefined` where the store has to be
 * asked.
 */
const cachedRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord | undefined> => {
  const known = client.cache.get(id)
  if (!known?.record) return undefined
  const age = client.config.monotonic() - known.lastReadAttemptAt
  if (age >= revalidateAfterMs) await revalidate(client, id, waitUntil)
  else if (age >= revalidateAfterMs / 2)
    runInBackground(waitUntil, revalidate(client, id, waitUntil))
  return usableCachedRecord(client, id)
}

/**
 * The record in memory, unless the store has not answered for so long that it may not be used any
 * more.
 */
const usableCachedRecord = (
  { cache, config }: ClientContext,
  id: ConnectionId,
): ConnectionRecord | undefined => {
  const known = cache.get(id)
  return known && config.monotonic() - known.readAt < config.serveWithoutStoreMs
    ? known.record
    : undefined
}

/** The record, from memory while that is recent enough, else from the store. */
export const readRecord = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord> => {
  const known = await cachedRecord(client, id, waitUntil)
  return known?.status === 'active' ? known : loadRecord(client, id)
}

const loadRecord = async (client: ClientContext, id: ConnectionId): Promise<ConnectionRecord> => {
  const standing = await client.repository.read(id)
  cacheRecord(client, id, standing)
  // The answer to a later question may have been here first.
  return client.cache.get(id)?.record ?? standing.record
}

/**
 * The connection's token set with an access token that is good now. Fresh in this process: at once.
 * Due: at once, with one refresh behind it. Stale: one refresh, which everybody joins.
 */
export const currentTokens = async (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const record = await cachedRecord(client, id, waitUntil)
  const now = client.repository.clock.now()
  const known = record && now !== undefined ? servableTokens(record, now) : undefined
  const tokens =
    known ??
    (await joinRefresh(client, id, {}, waitUntil).catch((error: unknown) =>
      serveUnexpiredTokens(client, id, error),
    ))
  refreshProactively(client, id, waitUntil)
  return tokens
}

/**
 * Where the store did not answer: an unexpired access token from memory. @throws `error` without
 * one
 */
const serveUnexpiredTokens = (
  client: ClientContext,
  id: ConnectionId,
  error: unknown,
): ServableTokens => {
  const record = usableCachedRecord(client, id)
  const now = client.repository.clock.now()
  const tokens = record && now !== undefined ? unexpiredTokens(record, now) : undefined
  if (!tokens || !isRecruitOAuthError(error) || !storeFailureCodes.has(error.code)) throw error
  return tokens
}

const storeFailureCodes = new Set<ErrorCode>([
  'store-unavailable',
  'store-contended',
  'refresh-timed-out',
])

/**
 * Refreshes behind the answer when due. A process that has just read the record is no exception: on
 * an edge runtime each one is new.
 */
const refreshProactively = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): void => {
  const { cache, repository, config } = client
  const [known, now] = [cache.get(id), repository.clock.now()]
  if (!known?.record || now === undefined || !isRefreshDue(known.record, now)) return
  if (config.monotonic() < (known.backoffUntil ?? 0)) return
  const failed = () => {
    const latest = cache.get(id)
    if (latest) cache.set(id, { ...latest, backoffUntil: config.monotonic() + refreshBackoffMs })
  }
  runInBackground(waitUntil, joinRefresh(client, id, { proactive: true }, waitUntil).catch(failed))
}

/**
 * An access token other than `replacing`. With an `endpoint`, the same one where the fault may be
 * the endpoint's.
 */
export const replaceToken = (
  client: ClientContext,
  id: ConnectionId,
  wanted: RefreshRequest,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => joinRefresh(client, id, wanted, waitUntil)

/**
 * One refresh in this process for all callers with the same request: a caller that needs another
 * token is refused where others are served. A connection that was cut off meanwhile serves nobody,
 * also not a caller that joined before.
 */
const joinRefresh = async (
  client: ClientContext,
  id: ConnectionId,
  wanted: RefreshRequest,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const tokens = await client.inFlightRefreshes.join({
    id,
    key: `${wanted.rejectedTokenId}\n${wanted.endpoint}`,
    start: () => refreshConnection(client, id, wanted, waitUntil),
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
 * Reads the record again, and stores what is not stored yet. If the store fails, the cached record
 * is used until `serveWithoutStoreMs` is over; the next try is in 30 s. If the store can be read
 * but not written, the new token stays in memory.
 */
const revalidate = (
  client: ClientContext,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<void> => {
  const keep = () => {
    const known = client.cache.get(id)
    if (known) client.cache.set(id, { ...known, lastReadAttemptAt: client.config.monotonic() })
  }
  const start = () =>
    readWithPendingWrite(client, id).then((standing) => cacheRecord(client, id, standing), keep)
  return client.inFlightReads.join({ id, key: '', start, waitUntil, onTimeout: keep })
}

const readWithPendingWrite = async (
  client: ClientContext,
  id: ConnectionId,
): Promise<StoredState> => {
  const event = client.pendingWrites.get(id)
  if (!event) return client.repository.read(id)
  const saved = await savePendingWrite(client, id, event)
  if (saved) return saved
  const standing = await client.repository.read(id)
  const { record } = transition(standing.record, event, standing.now)
  return { ...standing, record }
}
