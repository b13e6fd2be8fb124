import type { DataCenterId } from '../domain/data-centers.ts'
import type { ConnectionId, PrincipalId, Status } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'

/**
 * 128 random bits, base64url, chosen by the writer: a record that is made again never matches an
 * old one, and a writer whose acknowledgement was lost knows its own write.
 */
export type Revision = string

/**
 * What a store sees of a record: facts to index, and the sealed rest. A store keeps all of it as
 * given, octet by octet.
 */
export interface SealedRecord {
  readonly revision: Revision
  readonly status: Status
  /** Something is left to do: `list({ pending: true })` finds it. */
  readonly pending: boolean
  /** Who connected, for `list({ principal })`: the client's prefix and the principal. */
  readonly principal?: PrincipalId
  /** Bound into the envelope: a row whose data center was altered does not open. */
  readonly dataCenter?: DataCenterId
  /** Text of at most 64 KiB, without secrets in clear. */
  readonly envelope: string
}

/**
 * A row of a listing: what the store indexes, unverified. A row whose id has U+001F after the
 * client's prefix is not a connection: the client counts there.
 */
export interface ConnectionSummary {
  readonly id: ConnectionId
  readonly status: Status
  readonly pending: boolean
  readonly principal?: PrincipalId
  readonly dataCenter?: DataCenterId
}

/**
 * Where connections live. Compare-and-set is all: there are no locks. Each method
 * - answers with `asOf`, the store's own time, so that one clock judges every instant in a record;
 * - rejects when the store can't be reached, and never pretends; an answer is given within a second
 * or not waited for;
 * - leaves the record as it was, or written whole. Ids compare octet by octet: case and Unicode
 * form count.
 *
 * Ids and principals are core's own names: a prefix for the client (16 characters and a colon), then
 * the app's id or principal, up to 255 characters. So clients that share a store never meet, and a
 * store need not know about clients.
 */
export interface ConnectionStore {
  /** The record, as of the last write that was acknowledged to anybody. */
  read(id: ConnectionId): Promise<{ readonly record?: SealedRecord; readonly asOf: EpochMs }>
  /**
   * Puts `next` in place of the record whose revision is `expected`, or where nothing stands
   * (`'absent'`), in one atomic step; `undefined` removes it (where nothing stands that is done
   * already). `written: false` means that something else stood there and nothing was changed.
   *
   * A rejection leaves open whether the write was applied, or will be later. A store that knows
   * that it was not, and never will be (the database answered with a refusal), rejects with a
   * `RecruitOAuthError` whose `written` is `'no'`.
   */
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): Promise<{ readonly written: boolean; readonly asOf: EpochMs }>
  /**
   * By index, ordered by the octets of the id's UTF-8, after `after`: never a scan of the
   * envelopes.
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
