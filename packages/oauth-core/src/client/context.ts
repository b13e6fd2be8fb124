import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ConnectionId, ConnectionRecord } from '../domain/record.ts'
import type { DataCenter } from '../domain/data-centers.ts'
import { timeBudget } from '../domain/time.ts'
import { isWellFormed, toBase64url } from '../internal/text.ts'
import { refusalOf, type Decision, type Refusal, type ServableTokens } from '../machine/decision.ts'
import type { ConnectionEvent } from '../machine/events.ts'
import type { EndpointCall } from '../endpoints/http.ts'
import type { Configuration } from '../config/configure.ts'
import { invalidArgument } from '../config/invalid-option.ts'
import { createRepository, type Repository, type StoredState } from '../store/repository.ts'
import { createSingleFlight, type SingleFlight } from './tokens/single-flight.ts'

/** A record in the memory of this process. All instants are on the monotonic clock. */
export interface CachedRecord {
  /** `undefined`: it is unknown which of two responses is newer, so the next caller reads again. */
  readonly record: ConnectionRecord | undefined
  /**
   * The place of the response in the order of the process's commands. Results with a lower number
   * are ignored.
   */
  readonly readSequence: number
  /** When the read or write that returned this record was sent. */
  readonly readAt: number
  /** When the store was last read, even if it did not respond. */
  readonly lastReadAttemptAt: number
  /** A proactive refresh failed: no other one before this instant. */
  readonly backoffUntil?: number
}

/**
 * The state that all operations of one client share. There is no state at module level, so two
 * clients in a process are independent.
 */
export interface ClientContext {
  readonly config: Configuration
  readonly repository: Repository
  readonly cache: Map<ConnectionId, CachedRecord>
  /** Refreshes that this process has started. */
  readonly inFlightRefreshes: SingleFlight<ServableTokens>
  /** Reads of already cached records that this process has started. */
  readonly inFlightReads: SingleFlight<void>
  /** Callbacks that wait for the outcome of an exchange in another request. */
  readonly inFlightConsents: SingleFlight<boolean>
  /** The highest `readSequence` of the records that were removed from `cache`. */
  readonly lastEvicted: { readSequence: number }
  /** Outcomes of refreshes that could not be stored yet. */
  readonly pendingWrites: Map<ConnectionId, ConnectionEvent>
}

/** A little more than the longest store command, which takes 1 s. */
const readTimeoutMs = 1_500

export const createClientContext = (config: Configuration): ClientContext => ({
  config,
  repository: createRepository(config),
  cache: new Map(),
  inFlightRefreshes: createSingleFlight(config.monotonic, timeBudget.callerWaitMs),
  inFlightReads: createSingleFlight(config.monotonic, readTimeoutMs),
  inFlightConsents: createSingleFlight(config.monotonic, timeBudget.exchangeMs),
  lastEvicted: { readSequence: 0 },
  pendingWrites: new Map(),
})

const maxCachedRecords = 10_000

/**
 * Caches a response of the store. Ignores reads that started before the cached one: a slow read
 * must not undo a revocation. If it is unknown whether a write or the cached read is newer, an
 * entry without a record is cached, so that the next caller reads again.
 */
export const cacheRecord = (
  client: ClientContext,
  id: ConnectionId,
  state: Omit<StoredState, 'now'>,
): void => {
  const { cache, lastEvicted } = client
  const { record, readSequence, readAt, writeSequence = readSequence } = state
  const cachedSequence = cache.get(id)?.readSequence ?? lastEvicted.readSequence
  if (cachedSequence > readSequence) return
  const isNewest = cachedSequence <= writeSequence
  // Deleted first, so that the entry becomes the newest one in the order of the map.
  cache.delete(id)
  cache.set(id, {
    record: isNewest ? record : undefined,
    readSequence,
    readAt,
    lastReadAttemptAt: readAt,
  })
  if (cache.size > maxCachedRecords) evictOldest(client)
}

/**
 * Removes the oldest entry. Its `readSequence` becomes the lower bound for all connections that are
 * not cached.
 */
const evictOldest = ({ cache, lastEvicted }: ClientContext): void => {
  const oldest = cache.entries().next().value
  if (!oldest) return
  const [id, { readSequence }] = oldest
  cache.delete(id)
  lastEvicted.readSequence = Math.max(lastEvicted.readSequence, readSequence)
}

/**
 * Call it after a revocation, a removal or a grant was stored: later callers then do not join work
 * that began before. Callers that have joined already keep waiting.
 */
export const dropInFlightWork = (
  { inFlightRefreshes, inFlightReads }: ClientContext,
  id: ConnectionId,
): void => {
  inFlightRefreshes.drop(id)
  inFlightReads.drop(id)
}

export const randomId = ({ config }: ClientContext): string => toBase64url(config.random(16))

/** Is the data center in the table, and is a client secret configured for it? */
export const isConfigured = ({ config }: ClientContext, dataCenterId: string): boolean =>
  typeof dataCenterId === 'string' &&
  Object.hasOwn(config.dataCenters, dataCenterId) &&
  config.secretsOf(dataCenterId).length > 0

/** The table's entry for a data center. @throws `data-center-unknown` */
export const configuredDataCenter = (client: ClientContext, dataCenterId: string): DataCenter => {
  const dataCenter = isConfigured(client, dataCenterId)
    ? client.config.dataCenters[dataCenterId]
    : undefined
  if (!dataCenter) throw unknownDataCenter(dataCenterId)
  return dataCenter
}

/** The parameters of a call to one data center. @throws `data-center-unknown` */
export const endpointCall = (
  client: ClientContext,
  dataCenterId: string,
  deadlineMs: number,
): EndpointCall => {
  const dataCenter = configuredDataCenter(client, dataCenterId)
  const { fetch, monotonic, clientId, secretsOf } = client.config
  const secrets = secretsOf(dataCenterId)
  return { fetch, monotonic, clientId, secrets, dataCenter, deadlineMs }
}

/** @param dangerousId can come from a URL: the error quotes it only if it looks like an id. */
export const unknownDataCenter = (dangerousId: string): RecruitOAuthError => {
  const isIdLike = typeof dangerousId === 'string' && /^[a-z0-9-]{1,16}$/.test(dangerousId)
  const id = isIdLike ? dangerousId : undefined
  return new RecruitOAuthError('data-center-unknown', {
    dataCenter: id,
    summary: id && `The data center \`${id}\` is not configured, or has no client secret.`,
  })
}

/** The error for the refusal in a decision; `undefined` if the decision has none. */
export const refusalError = (
  decision: Decision,
  dataCenter?: string,
): RecruitOAuthError | undefined => {
  const refusal = refusalOf(decision)
  return refusal && toError(refusal, dataCenter)
}

export const toError = (refusal: Refusal, dataCenter?: string): RecruitOAuthError => {
  const { code, retryAt, zohoError } = refusal
  return new RecruitOAuthError(code, { retryAt, dataCenter, zohoError })
}

export const isId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= 255 &&
  !/[\x00-\x1f\x7f]/.test(value) &&
  isWellFormed(value)

/** @throws `argument-invalid` */
export const validateId = (name: string, value: unknown): string => {
  if (!isId(value))
    throw invalidArgument(
      name,
      'must be a string of 1 to 255 characters without control characters',
    )
  return value
}
