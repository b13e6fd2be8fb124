import type { ErrorCode } from '../errors/codes.ts'
import { isRecruitOAuthError, type RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { noRecord, type ConnectionId, type PrincipalId } from '../domain/record.ts'
import type { ConnectionSummary, ListQuery } from '../store/connection-store.ts'
import { checkedCursor, readArgument, readMembers } from './arguments.ts'
import { checkedId, isId, cacheRecord, type ClientContext } from './context.ts'
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
  /** The `next` of the call before. */
  readonly after?: ConnectionId | undefined
}

/**
 * A row of a listing. `unreadable` says why the record could not be read; then the other values
 * come from the store's index, unverified.
 */
export interface ListedConnection extends ConnectionStatus {
  readonly id: ConnectionId
  readonly unreadable: ErrorCode | undefined
}

export interface ConnectionsQuery {
  /** Only this principal's. `undefined` is refused, because it would list all connections. */
  readonly principal?: PrincipalId
  /** Only connections with unfinished work for `recover`. */
  readonly pending?: boolean | undefined
  /** The `next` of the previous page. */
  readonly after?: ConnectionId | undefined
  /** 1 to 1000; default 50. Each costs a read. */
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
   * Finishes the work of processes that died: revocations that Zoho has not confirmed (`failed` has
   * the time of the next try), exchanges without an end, leftover rows of forgotten connections.
   * Call it about every minute.
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
      } = readMembers('query', query, ['principal', 'pending', 'after', 'limit'])
      const isOfOne = readArgument('query', () => 'principal' in query)
      const ofPrincipal = isOfOne && { principal: checkedId('principal', principal) }
      const after = checkedCursor('after', dangerousAfter)
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
      const connections = await mapLimit(
        rows.filter(({ id, status }) => isId(id) && status !== 'none'),
        (row) => listConnection(client, row),
      )
      return { connections, next: rows.length < limit ? undefined : rows.at(-1)?.id }
    },
    recover: (options) =>
      forEachConnection(
        client,
        { pending: true },
        async (id) => {
          await finishRevocations(
            client,
            id,
            await repository.apply(id, { type: 'recoveryRequested' }),
          )
          return true
        },
        options,
      ),
    revokeAll: async (principal, options) =>
      forEachConnection(
        client,
        { principal: checkedId('principal', principal) },
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
    const standing = await client.repository.read(id)
    cacheRecord(client, id, standing)
    return { id, unreadable: undefined, ...statusOf(client.config, standing.record, standing.now) }
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return {
      ...statusOf(client.config, noRecord, 0),
      id,
      status,
      principal: principal,
      dataCenter,
      unreadable: error.code,
    }
  }
}

/**
 * How many connections are worked on at once: the store or Zoho is asked about each, and others
 * wait for them too.
 */
const maxConcurrent = 8

const mapLimit = async <T, Made>(
  all: readonly T[],
  work: (one: T) => Promise<Made>,
): Promise<Made[]> => {
  const made: Made[] = []
  for (let at = 0; at < all.length; at += maxConcurrent)
    made.push(...(await Promise.all(all.slice(at, at + maxConcurrent).map(work))))
  return made
}

const isLimit = (limit: number, most = Infinity): boolean =>
  limit >= 1 && limit <= most && (limit === Infinity || Number.isInteger(limit))

const forEachConnection = async (
  { repository }: ClientContext,
  query: Omit<ListQuery, 'limit'>,
  work: (id: ConnectionId) => Promise<boolean>,
  options: BatchOptions = {},
): Promise<BatchResult> => {
  const { limit = Infinity, after: dangerousAfter } = readMembers('options', options, [
    'limit',
    'after',
  ])
  const after = checkedCursor('after', dangerousAfter)
  if (typeof limit !== 'number' || !isLimit(limit))
    throw invalidArgument('limit', 'must be a whole number from 1 on')
  let [done, left] = [0, limit]
  const failed: { id: ConnectionId; error: RecruitOAuthError }[] = []
  const one = async ({ id }: ConnectionSummary) => {
    try {
      if (await work(id)) done += 1
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      failed.push({ id, error })
    }
  }
  let next = after
  while (left > 0) {
    const page = await repository.list({
      ...query,
      ...(next !== undefined && { after: next }),
      limit: Math.min(maxConcurrent, left),
    })
    // The quota of codes lies in the same store, under an id that no connection can have.
    await Promise.all(page.filter(({ id }) => isId(id)).map(one))
    next = page.at(-1)?.id
    if (next === undefined) break
    left -= page.length
  }
  return { done, failed, next }
}
