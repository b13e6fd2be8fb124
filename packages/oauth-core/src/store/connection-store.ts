import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId, Status } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'

/**
 * 128 random bits in base64url, chosen by the writer. A record that is removed and created again
 * never gets a former revision, and a writer can recognise its own write after a lost
 * acknowledgement.
 */
export type Revision = string

/** A record in a store: values to index, and a sealed envelope. It is stored byte for byte. */
export interface SealedRecord {
  readonly revision: Revision
  readonly status: Status
  /** Does the connection have unfinished work? For `list({ pending: true })`. */
  readonly pending: boolean
  /** The prefix of the OAuth client and the app's principal. For `list({ principal })`. */
  readonly principal?: PrincipalId
  /** Bound to the envelope: a row with an altered data center cannot be opened. */
  readonly dataCenter?: DataCenterId
  /** Text of at most 64 KiB, without secrets in clear. */
  readonly envelope: string
}

/**
 * A row of a list: the indexed values, not verified. If the id has U+001F after the prefix of the
 * OAuth client, the row is not a connection: it counts the client's recent authorization codes.
 */
export interface ConnectionSummary {
  readonly id: ConnectionId
  readonly status: Status
  readonly pending: boolean
  readonly principal?: PrincipalId
  readonly dataCenter?: DataCenterId
}

/**
 * Stores connections with compare-and-set and without locks.
 * - `read` and `write` return `asOf`, the store's own time, so that all instants in a record come
 *   from one clock.
 * - Every method rejects when the store cannot be reached. Core waits for one second, and ignores a
 *   later response.
 * - `write` leaves the record unchanged or replaces it as a whole.
 * - Ids are compared byte for byte: case and Unicode form count.
 *
 * The ids and principals that a store gets have a prefix for the OAuth client (16 characters and a
 * colon), then the app's id or principal of up to 255 characters. So clients that share a store
 * cannot reach each other's rows, and a store does not need to know about clients.
 */
export interface ConnectionStore {
  /** Returns the record. It includes every write that was acknowledged to any process before. */
  read(id: ConnectionId): Promise<{ readonly record?: SealedRecord; readonly asOf: EpochMs }>
  /**
   * Replaces the record with revision `expected` by `next` in one atomic step. If `expected` is
   * `'absent'`, there must be no record. If `next` is `undefined`, the record is removed; with
   * `'absent'`, `written` is then `true` if there is no record. `written: false`: the store had no
   * record, or one with another revision, and nothing was changed.
   *
   * After a rejection, the caller does not know whether the write was or will be applied. If the
   * store knows that the write was not and will not be applied, for example because the database
   * refused it, it rejects with a `RecruitOAuthError` whose `written` is `'no'`.
   */
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): Promise<{ readonly written: boolean; readonly asOf: EpochMs }>
  /**
   * Lists rows by index, without envelopes. The rows are ordered by the UTF-8 bytes of their ids
   * and begin after the id `after`.
   */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
}

export interface ListQuery {
  readonly principal?: PrincipalId
  readonly pending?: true
  readonly after?: ConnectionId
  /** 1 to 1000; anything else is `argument-invalid`. */
  readonly limit: number
}
