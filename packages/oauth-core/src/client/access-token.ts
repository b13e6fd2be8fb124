import type { ConnectionId, ConnectionRecord } from '../domain/index.ts'
import { isRecruitOAuthError, RecruitOAuthError, type ErrorCode } from '../errors/index.ts'
import {
  isRefreshDue,
  lastTokens,
  servableTokens,
  transition,
  whyNone,
  type ServableTokens,
} from '../machine/index.ts'
import type { WaitUntil } from '../ports/index.ts'
import { remember, type Engine } from './engine.ts'
import { inBackground } from './in-background.ts'
import type { Standing } from './records.ts'
import { refreshConnection, saveUnsaved, type Wanted } from './refresh-connection.ts'

// A revocation elsewhere is seen within 30 s: from half of that on the record is read again behind
// the answer, and beyond it before the answer.
const rereadMs = 30_000

/** A store that is down is not asked for a lease by every caller of a token that is still good. */
const quietMs = 5_000

/**
 * The record as this process knows it, at most 30 s old; `undefined` where the store has to be
 * asked.
 */
const knownRecord = async (
  engine: Engine,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord | undefined> => {
  const known = engine.remembered.get(id)
  if (!known?.record) return undefined
  const age = engine.config.monotonic() - known.triedAt
  if (age >= rereadMs) await reread(engine, id, waitUntil)
  else if (age >= rereadMs / 2) inBackground(waitUntil, reread(engine, id, waitUntil))
  return recordInMemory(engine, id)
}

/**
 * The record in memory, unless the store has not answered for so long that it may not be used any
 * more.
 */
const recordInMemory = (
  { remembered, config }: Engine,
  id: ConnectionId,
): ConnectionRecord | undefined => {
  const known = remembered.get(id)
  return known && config.monotonic() - known.askedAt < config.serveWithoutStoreMs
    ? known.record
    : undefined
}

/** The record, from memory while that is recent enough, else from the store. */
export const recentRecord = async (
  engine: Engine,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ConnectionRecord> => {
  const known = await knownRecord(engine, id, waitUntil)
  return known?.status === 'active' ? known : readRecord(engine, id)
}

const readRecord = async (engine: Engine, id: ConnectionId): Promise<ConnectionRecord> => {
  const standing = await engine.records.read(id)
  remember(engine, id, standing)
  // The answer to a later question may have been here first.
  return engine.remembered.get(id)?.record ?? standing.record
}

/**
 * The connection's token set with an access token that is good now. Fresh in this process: at once.
 * Due: at once, with one refresh behind it. Stale: one refresh, which everybody joins.
 */
export const currentTokens = async (
  engine: Engine,
  id: ConnectionId,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const record = await knownRecord(engine, id, waitUntil)
  const now = engine.records.clock.now()
  const known = record && now !== undefined ? servableTokens(record, now) : undefined
  const tokens =
    known ??
    (await join(engine, id, {}, waitUntil).catch((error: unknown) =>
      unexpiredTokens(engine, id, error),
    ))
  refreshAhead(engine, id, waitUntil)
  return tokens
}

/**
 * Where the store did not answer: an unexpired access token from memory. @throws `error` without
 * one
 */
const unexpiredTokens = (engine: Engine, id: ConnectionId, error: unknown): ServableTokens => {
  const record = recordInMemory(engine, id)
  const now = engine.records.clock.now()
  const tokens = record && now !== undefined ? lastTokens(record, now) : undefined
  if (!tokens || !isRecruitOAuthError(error) || !withoutStore.has(error.code)) throw error
  return tokens
}

const withoutStore = new Set<ErrorCode>([
  'store-unavailable',
  'store-contended',
  'refresh-timed-out',
])

/**
 * Refreshes behind the answer when due. A process that has just read the record is no exception: on
 * an edge runtime each one is new.
 */
const refreshAhead = (engine: Engine, id: ConnectionId, waitUntil: WaitUntil): void => {
  const { remembered, records, config } = engine
  const [known, now] = [remembered.get(id), records.clock.now()]
  if (!known?.record || now === undefined || !isRefreshDue(known.record, now)) return
  if (config.monotonic() < (known.quietUntil ?? 0)) return
  const failed = () => {
    const latest = remembered.get(id)
    if (latest) remembered.set(id, { ...latest, quietUntil: config.monotonic() + quietMs })
  }
  inBackground(waitUntil, join(engine, id, { ahead: true }, waitUntil).catch(failed))
}

/**
 * An access token other than `replacing`. With an `endpoint`, the same one where the fault may be
 * the endpoint's.
 */
export const otherTokens = (
  engine: Engine,
  id: ConnectionId,
  wanted: Wanted,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => join(engine, id, wanted, waitUntil)

/**
 * One refresh in this process for all callers with the same request: a caller that needs another
 * token is refused where others are served. A connection that was cut off meanwhile serves nobody,
 * also not a caller that joined before.
 */
const join = async (
  engine: Engine,
  id: ConnectionId,
  wanted: Wanted,
  waitUntil: WaitUntil,
): Promise<ServableTokens> => {
  const tokens = await engine.flights.join({
    id,
    key: `${wanted.replacing}\n${wanted.endpoint}`,
    start: () => refreshConnection(engine, id, wanted, waitUntil),
    waitUntil,
    late: () => {
      throw new RecruitOAuthError('refresh-timed-out')
    },
  })
  const { status } = engine.remembered.get(id)?.record ?? (await readRecord(engine, id))
  if (status !== 'active') throw new RecruitOAuthError(whyNone(status))
  return tokens
}

/**
 * Reads the record again, and stores what is not stored yet. If the store fails, the cached record
 * is used until `serveWithoutStoreMs` is over; the next try is in 30 s. If the store can be read
 * but not written, the new token stays in memory.
 */
const reread = (engine: Engine, id: ConnectionId, waitUntil: WaitUntil): Promise<void> => {
  const keep = () => {
    const known = engine.remembered.get(id)
    if (known) engine.remembered.set(id, { ...known, triedAt: engine.config.monotonic() })
  }
  const start = () =>
    recordWithUnsaved(engine, id).then((standing) => remember(engine, id, standing), keep)
  return engine.rereads.join({ id, key: '', start, waitUntil, late: keep })
}

const recordWithUnsaved = async (engine: Engine, id: ConnectionId): Promise<Standing> => {
  const event = engine.unsaved.get(id)
  if (!event) return engine.records.read(id)
  const saved = await saveUnsaved(engine, id, event)
  if (saved) return saved
  const standing = await engine.records.read(id)
  const [record] = transition(standing.record, event, standing.now)
  return { ...standing, record }
}
