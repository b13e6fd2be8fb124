import type { ErrorCode } from '../errors/codes.ts'
import { isRecruitOAuthError, type RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { noRecord, type ConnectionId, type PrincipalId } from '../domain/record.ts'
import type { ConnectionSummary, ListQuery } from '../store/connection-store.ts'
import { validateCursor, readArgument, readOptions } from './arguments.ts'
import { validateId, isId, cacheRecord, type ClientContext } from './context.ts'
import { invalidArgument } from '../config/invalid-option.ts'
import { finishRevocations, revokeConnection } from './tokens/revoke.ts'
import { statusOf, type ConnectionStatus } from './status.ts'

/** The result of an operation on many connections. One failure does not stop the others. */
export interface BatchResult {
  /** How many connections are finished. */
  readonly done: number
  readonly failed: readonly { readonly id: ConnectionId; readonly error: RecruitOAuthError }[]
  /** The `after` of the next call, if `limit` ended this one. */
  readonly next: ConnectionId | undefined
}

/** Divides the work over several calls, for runtimes that limit requests, such as Workers. */
export interface BatchOptions {
  /** How many connections to process. Default: all. */
  readonly limit?: number | undefined
  /** The `next` of the previous call. */
  readonly after?: ConnectionId | undefined
}

/**
 * A row of a listing. `unreadable` says why the record could not be read. In that case `status`,
 * `principal` and `dataCenter` come from the store's index and are not verified. The other values
 * are those of a connection without a record.
 */
export interface ListedConnection extends ConnectionStatus {
  readonly id: ConnectionId
  readonly unreadable: ErrorCode | undefined
}

export interface ConnectionsQuery {
  /**
   * Only connections of this principal. `undefined` is refused, because it would list all
   * connections.
   */
  readonly principal?: PrincipalId
  /** Only connections with unfinished work for `recover`. */
  readonly pending?: boolean | undefined
  /** The `next` of the previous page. */
  readonly after?: ConnectionId | undefined
  /** 1 to 1000; default 50. Each connection costs a read of the store. */
  readonly limit?: number | undefined
}

export interface ConnectionsPage {
  readonly connections: readonly ListedConnection[]
  /** `undefined`: this was the last page. */
  readonly next: ConnectionId | undefined
}

/**
 * Operations on all connections of a client, for an admin page, a cron job or an alarm. Several
 * processes may call them at the same time.
 */
export interface ConnectionAdmin {
  /**
   * A page of connections, ordered by the bytes of their ids, without secrets.
   * @throws `store-unavailable`, `argument-invalid`
   */
  connections(query?: ConnectionsQuery): Promise<ConnectionsPage>
  /**
   * Finishes the work of processes that died: revocations that Zoho has not confirmed, exchanges
   * that have no result, leftover rows of forgotten connections. If Zoho still does not confirm a
   * revocation, its error in `failed` says when to try again. Call `recover` about every minute.
   * @throws `store-unavailable`, `argument-invalid`
   */
  recover(options?: BatchOptions): Promise<BatchResult>
  /**
   * Revokes all connections of a principal, for example of a deleted user. Call it again until
   * `failed` is empty.
   * @throws `store-unavailable`, `argument-invalid`
   */
  revokeAll(principal: PrincipalId, options?: BatchOptions): Promise<BatchResult>
  /**
   * Encrypts every record with the first of `encryptionKeys`. All processes must know that key by
   * now; afterwards the other keys can be removed. `done` counts the records that were changed.
   * @throws `store-unavailable`, `argument-invalid`
   */
  reencryptAll(options?: BatchOptions): Promise<BatchResult>
}

export const createConnectionAdmin = (client: ClientContext): ConnectionAdmin => {
  const { repository } = client
  return {
    async connections(query = {}) {
      const {
        principal,
        pending,
        after: dangerousAfter,
        limit = 50,
      } = readOptions('query', query, ['principal', 'pending', 'after', 'limit'])
      const hasPrincipal = readArgument('query', () => 'principal' in query)
      const ofPrincipal = hasPrincipal && { principal: validateId('principal', principal) }
      const after = validateCursor('after', dangerousAfter)
      if (pending !== undefined && typeof pending !== 'boolean')
        throw invalidArgument('pending', 'must be a boolean')
      if (typeof limit !== 'number' || !isLimit(limit, 1_000))
        throw invalidArgument('limit', 'must be a whole number from 1 to 1000')
      const rows = await repository.list({
        ...ofPrincipal,
        ...(pending === true && { pending }),
        ...(after !== undefined && { after }),
        limit,
      })
      // Leaves out the row of the code quota, whose id no connection can have, and rows with the
      // status `none`: nobody has connected yet, or the connection was forgotten.
      const listed = rows.filter(({ id, status }) => isId(id) && status !== 'none')
      const connections = await mapInBatches(listed, (row) => listConnection(client, row))
      const isLastPage = rows.length < limit
      return { connections, next: isLastPage ? undefined : rows.at(-1)?.id }
    },
    recover: (options) =>
      forEachConnection(
        client,
        { pending: true },
        async (id) => {
          const applied = await repository.apply(id, { type: 'recoveryRequested' })
          await finishRevocations(client, id, applied)
          return true
        },
        options,
      ),
    revokeAll: async (principal, options) =>
      forEachConnection(
        client,
        { principal: validateId('principal', principal) },
        async (id) => {
          await revokeConnection(client, id)
          return true
        },
        options,
      ),
    reencryptAll: (options) =>
      forEachConnection(
        client,
        {},
        async (id) => {
          const isStale = await repository.needsReencryption(id)
          if (isStale) await repository.apply(id, { type: 'reencryptionRequested' })
          return isStale
        },
        options,
      ),
  }
}

const listConnection = async (
  client: ClientContext,
  { id, status, principal, dataCenter }: ConnectionSummary,
): Promise<ListedConnection> => {
  try {
    const state = await client.repository.read(id)
    cacheRecord(client, id, state)
    return { id, unreadable: undefined, ...statusOf(client.config, state.record, state.now) }
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return {
      ...statusOf(client.config, noRecord, 0),
      id,
      status,
      principal,
      dataCenter,
      unreadable: error.code,
    }
  }
}

/**
 * How many connections are processed at the same time. The number is small, because other callers
 * use the store and Zoho too.
 */
const maxConcurrent = 8

/** Maps a list, `maxConcurrent` items at a time. */
const mapInBatches = async <T, Result>(
  items: readonly T[],
  work: (item: T) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += maxConcurrent) {
    const batch = items.slice(start, start + maxConcurrent)
    results.push(...(await Promise.all(batch.map(work))))
  }
  return results
}

const isLimit = (limit: number, maximum = Infinity): boolean => {
  const isInRange = limit >= 1 && limit <= maximum
  return isInRange && (limit === Infinity || Number.isInteger(limit))
}

/**
 * Calls `work` for all connections of a query, page by page. `work` returns whether the connection
 * counts as done.
 */
const forEachConnection = async (
  { repository }: ClientContext,
  query: Omit<ListQuery, 'limit'>,
  work: (id: ConnectionId) => Promise<boolean>,
  options: BatchOptions = {},
): Promise<BatchResult> => {
  const { limit = Infinity, after: dangerousAfter } = readOptions('options', options, [
    'limit',
    'after',
  ])
  const after = validateCursor('after', dangerousAfter)
  if (typeof limit !== 'number' || !isLimit(limit))
    throw invalidArgument('limit', 'must be a whole number, at least 1')
  let done = 0
  const failed: { id: ConnectionId; error: RecruitOAuthError }[] = []
  const runOne = async ({ id }: ConnectionSummary): Promise<void> => {
    try {
      if (await work(id)) done += 1
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      failed.push({ id, error })
    }
  }
  let next = after
  let remaining = limit
  while (remaining > 0) {
    const page = await repository.list({
      ...query,
      ...(next !== undefined && { after: next }),
      limit: Math.min(maxConcurrent, remaining),
    })
    // The quota of codes is in the same store, under an id that no connection can have.
    const connections = page.filter(({ id }) => isId(id))
    await Promise.all(connections.map(runOne))
    next = page.at(-1)?.id
    if (next === undefined) break
    remaining -= page.length
  }
  return { done, failed, next }
}
