import { RecruitOAuthError } from '../errors/index.ts'
import {
  isWellFormed,
  timeBudget,
  toBase64url,
  type ConnectionId,
  type ConnectionRecord,
} from '../domain/index.ts'
import type { ConnectionEvent, Effect, ServableTokens } from '../machine/index.ts'
import type { Call } from '../wire/index.ts'
import type { Configuration } from './configuration.ts'
import { wrongArgument } from './invalid-option.ts'
import { records, type Records, type Standing } from './records.ts'
import { sharedWork, type SharedWork } from './shared-work.ts'

/** What a process remembers of a connection between two reads. */
export interface Remembered {
  /**
   * `undefined`: answers of the store came in an order that leaves open which one is newer. The
   * next caller reads again.
   */
  readonly record: ConnectionRecord | undefined
  /** As in `Standing`. Answers to earlier questions are ignored. */
  readonly asked: number
  readonly askedAt: number
  /** When the store was asked last, answered or not, on the monotonic clock. */
  readonly triedAt: number
  /** Refreshing ahead failed: not again before then, on the monotonic clock. */
  readonly quietUntil?: number
}

/**
 * All that the verbs of one client share. Nothing lives at module level: two clients in a process
 * know nothing of each other.
 */
export interface Engine {
  readonly config: Configuration
  readonly records: Records
  readonly remembered: Map<ConnectionId, Remembered>
  /** Refreshes under way in this process. */
  readonly flights: SharedWork<ServableTokens>
  /** Re-reads under way in this process. */
  readonly rereads: SharedWork<void>
  /**
   * `evicted`: the latest place in the order of questions among the entries that left `remembered`.
   */
  readonly order: { evicted: number }
  /** Outcomes of refreshes that the store has not taken yet. */
  readonly unsaved: Map<ConnectionId, ConnectionEvent>
}

/** A little more than a store command may take. */
const rereadDeadlineMs = 1_500

export const engine = (config: Configuration): Engine => ({
  config,
  records: records(config),
  remembered: new Map(),
  flights: sharedWork(config.monotonic, timeBudget.callerWaitMs),
  rereads: sharedWork(config.monotonic, rereadDeadlineMs),
  order: { evicted: 0 },
  unsaved: new Map(),
})

const mostRemembered = 10_000

/**
 * Stores what the store answered, unless the answer to a later question is here already: a slow
 * read must not undo a revocation. If it is unknown which of a write and a read is newer, the place
 * in the order is kept without a record.
 */
export const remember = (
  clientEngine: Engine,
  id: ConnectionId,
  standing: Omit<Standing, 'now'>,
): void => {
  const { remembered, order } = clientEngine
  const { record, asked, askedAt, sent = asked } = standing
  const before = remembered.get(id)?.asked ?? order.evicted
  if (before > asked) return
  remembered.delete(id)
  const isNewest = before <= sent
  remembered.set(id, { record: isNewest ? record : undefined, asked, askedAt, triedAt: askedAt })
  if (remembered.size > mostRemembered) evictOldest(clientEngine)
}

/** Its place in the order stays as a lower bound for all connections that are not here. */
const evictOldest = ({ remembered, order }: Engine): void => {
  const [oldest, { asked }] = remembered.entries().next().value as [ConnectionId, Remembered]
  remembered.delete(oldest)
  order.evicted = Math.max(order.evicted, asked)
}

/**
 * A revocation, removal or grant was stored: callers from now on do not join work that began before
 * it. Callers that joined already are not affected.
 */
export const dropSharedWork = ({ flights, rereads }: Engine, id: ConnectionId): void => {
  flights.drop(id)
  rereads.drop(id)
}

export const randomId = ({ config }: Engine): string => toBase64url(config.random(16))

/** Is the data center in the table, with a secret for it? */
export const isConfigured = ({ config }: Engine, dataCenterId: string): boolean =>
  typeof dataCenterId === 'string' &&
  Object.hasOwn(config.dataCenters, dataCenterId) &&
  config.secretsOf(dataCenterId).length > 0

/** What the wire needs to call one data center. @throws `data-center-unknown` */
export const callTo = (clientEngine: Engine, dataCenterId: string, deadlineMs: number): Call => {
  const { config } = clientEngine
  const dataCenter = isConfigured(clientEngine, dataCenterId)
    ? config.dataCenters[dataCenterId]
    : undefined
  if (!dataCenter) throw unknownDataCenter(dataCenterId)
  const secrets = config.secretsOf(dataCenterId)
  return { ...config, secrets, dataCenter, deadlineMs }
}

/** @param dangerousId repeated only where it looks like an id: it can come from an address. */
export const unknownDataCenter = (dangerousId: string): RecruitOAuthError => {
  const id =
    typeof dangerousId === 'string' && /^[a-z0-9-]{1,16}$/.test(dangerousId)
      ? dangerousId
      : undefined
  return new RecruitOAuthError('data-center-unknown', {
    dataCenter: id,
    what: id && `The data center \`${id}\` is not configured, or has no client secret.`,
  })
}

/** The error that an effect orders to throw, if one does. */
export const refusalIn = (
  effects: readonly Effect[],
  dataCenter?: string,
): RecruitOAuthError | undefined => {
  const refusal = effects.find((effect) => effect.type === 'refuse')
  return refusal && new RecruitOAuthError(refusal.code, { retryAt: refusal.retryAt, dataCenter })
}

export const isId = (value: unknown): value is string =>
  typeof value === 'string' &&
  value !== '' &&
  value.length <= 255 &&
  !/[\x00-\x1f\x7f]/.test(value) &&
  isWellFormed(value)

/** @throws `argument-invalid` */
export const checkedId = (name: string, value: unknown): string => {
  if (!isId(value))
    throw wrongArgument(name, 'must be a string of 1 to 255 characters without control characters')
  return value
}
