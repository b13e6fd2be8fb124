import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ConnectionId, ConnectionRecord } from '../domain/record.ts'
import { timeBudget } from '../domain/time.ts'
import { isWellFormed, toBase64url } from '../internal/text.ts'
import { refusalIn, type Decision, type Refusal, type ServableTokens } from '../machine/decision.ts'
import type { ConnectionEvent } from '../machine/events.ts'
import type { EndpointCall } from '../endpoints/http.ts'
import type { Configuration } from '../config/configure.ts'
import { invalidArgument } from '../config/invalid-option.ts'
import { createRepository, type Repository, type StoredState } from '../store/repository.ts'
import { createSingleFlight, type SingleFlight } from './tokens/single-flight.ts'

/** What a process remembers of a connection between two reads. */
export interface CachedRecord {
  /**
   * `undefined`: answers of the store came in an order that leaves open which one is newer. The
   * next caller reads again.
   */
  readonly record: ConnectionRecord | undefined
  /** As in `Standing`. Answers to earlier questions are ignored. */
  readonly readSequence: number
  readonly readAt: number
  /** When the store was asked last, answered or not, on the monotonic clock. */
  readonly lastReadAttemptAt: number
  /** Refreshing ahead failed: not again before then, on the monotonic clock. */
  readonly backoffUntil?: number
}

/**
 * All that the verbs of one client share. Nothing lives at module level: two clients in a process
 * know nothing of each other.
 */
export interface ClientContext {
  readonly config: Configuration
  readonly repository: Repository
  readonly cache: Map<ConnectionId, CachedRecord>
  /** Refreshes under way in this process. */
  readonly inFlightRefreshes: SingleFlight<ServableTokens>
  /** Re-reads under way in this process. */
  readonly inFlightReads: SingleFlight<void>
  /**
   * `evicted`: the latest place in the order of questions among the entries that left `remembered`.
   */
  readonly evicted: { evicted: number }
  /** Outcomes of refreshes that the store has not taken yet. */
  readonly pendingWrites: Map<ConnectionId, ConnectionEvent>
}

/** A little more than a store command may take. */
const readTimeoutMs = 1_500

export const createClientContext = (config: Configuration): ClientContext => ({
  config,
  repository: createRepository(config),
  cache: new Map(),
  inFlightRefreshes: createSingleFlight(config.monotonic, timeBudget.callerWaitMs),
  inFlightReads: createSingleFlight(config.monotonic, readTimeoutMs),
  evicted: { evicted: 0 },
  pendingWrites: new Map(),
})

const maxCachedRecords = 10_000

/**
 * Stores what the store answered, unless the answer to a later question is here already: a slow
 * read must not undo a revocation. If it is unknown which of a write and a read is newer, the place
 * in the order is kept without a record.
 */
export const cacheRecord = (
  clientEngine: ClientContext,
  id: ConnectionId,
  standing: Omit<StoredState, 'now'>,
): void => {
  const { cache, evicted } = clientEngine
  const { record, readSequence, readAt, writeSequence = readSequence } = standing
  const before = cache.get(id)?.readSequence ?? evicted.evicted
  if (before > readSequence) return
  cache.delete(id)
  const isNewest = before <= writeSequence
  cache.set(id, {
    record: isNewest ? record : undefined,
    readSequence,
    readAt,
    lastReadAttemptAt: readAt,
  })
  if (cache.size > maxCachedRecords) evictOldest(clientEngine)
}

/** Its place in the order stays as a lower bound for all connections that are not here. */
const evictOldest = ({ cache, evicted }: ClientContext): void => {
  const [oldest, { readSequence }] = cache.entries().next().value as [ConnectionId, CachedRecord]
  cache.delete(oldest)
  evicted.evicted = Math.max(evicted.evicted, readSequence)
}

/**
 * A revocation, removal or grant was stored: callers from now on do not join work that began before
 * it. Callers that joined already are not affected.
 */
export const dropInFlightWork = (
  { inFlightRefreshes, inFlightReads }: ClientContext,
  id: ConnectionId,
): void => {
  inFlightRefreshes.drop(id)
  inFlightReads.drop(id)
}

export const randomId = ({ config }: ClientContext): string => toBase64url(config.random(16))

/** Is the data center in the table, with a secret for it? */
export const isConfigured = ({ config }: ClientContext, dataCenterId: string): boolean =>
  typeof dataCenterId === 'string' &&
  Object.hasOwn(config.dataCenters, dataCenterId) &&
  config.secretsOf(dataCenterId).length > 0

/** What the wire needs to call one data center. @throws `data-center-unknown` */
export const endpointCall = (
  clientEngine: ClientContext,
  dataCenterId: string,
  deadlineMs: number,
): EndpointCall => {
  const { config } = clientEngine
  const dataCenter = isConfigured(clientEngine, dataCenterId)
    ? config.dataCenters[dataCenterId]
    : undefined
  if (!dataCenter) throw unknownDataCenter(dataCenterId)
  const { fetch, monotonic, clientId } = config
  const secrets = config.secretsOf(dataCenterId)
  return { fetch, monotonic, clientId, secrets, dataCenter, deadlineMs }
}

/** @param dangerousId repeated only where it looks like an id: it can come from an address. */
export const unknownDataCenter = (dangerousId: string): RecruitOAuthError => {
  const id =
    typeof dangerousId === 'string' && /^[a-z0-9-]{1,16}$/.test(dangerousId)
      ? dangerousId
      : undefined
  return new RecruitOAuthError('data-center-unknown', {
    dataCenter: id,
    summary: id && `The data center \`${id}\` is not configured, or has no client secret.`,
  })
}

/** The error that a decision orders to throw, if it does. */
export const refusalOf = (
  decision: Decision,
  dataCenter?: string,
): RecruitOAuthError | undefined => {
  const refusal = refusalIn(decision)
  return refusal && toError(refusal, dataCenter)
}

export const toError = ({ code, retryAt }: Refusal, dataCenter?: string): RecruitOAuthError =>
  new RecruitOAuthError(code, { retryAt, dataCenter })

export const isId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= 255 &&
  !/[\x00-\x1f\x7f]/.test(value) &&
  isWellFormed(value)

/** @throws `argument-invalid` */
export const checkedId = (name: string, value: unknown): string => {
  if (!isId(value))
    throw invalidArgument(
      name,
      'must be a string of 1 to 255 characters without control characters',
    )
  return value
}
