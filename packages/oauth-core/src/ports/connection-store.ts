import type { ConnectionId, DataCenterId, EpochMs, PrincipalId, Status } from '../domain/index.ts'

/** 128 random bits, base64url, chosen by the writer: a record that is made again never matches an old one, and a writer whose acknowledgement was lost knows its own write. */
export type Revision = string

/** What a store sees of a record: facts to index, and the sealed rest. A store keeps all of it as given, octet by octet. */
export interface SealedRecord {
  readonly revision: Revision
  readonly status: Status
  /** Something is left to do: `list({ unfinished: true })` finds it. */
  readonly unfinished: boolean
  /** Who connected, for `list({ owner })`. */
  readonly owner?: PrincipalId
  /** Bound into the envelope: a row whose data center was altered does not open. */
  readonly dataCenter?: DataCenterId
  /** Text of at most 64 KiB, without secrets in clear. */
  readonly envelope: string
}

/** A row of a listing: what the store indexes, unverified. An id that begins with U+001F is no connection but a row of the client's own. */
export interface ConnectionSummary {
  readonly id: ConnectionId
  readonly status: Status
  readonly unfinished: boolean
  readonly owner?: PrincipalId
  readonly dataCenter?: DataCenterId
}

/**
 * Where connections live. Compare-and-set is all: there are no locks. Each method
 * - answers with `asOf`, the store's own time, so that one clock judges every instant in a record;
 * - rejects when the store can't be reached, and never pretends; an answer is given within a second or not waited for;
 * - leaves the record as it was, or written whole. Ids compare octet by octet: case and Unicode form count.
 */
export interface ConnectionStore {
  /** The record, as of the last write that was acknowledged to anybody. */
  read(id: ConnectionId): Promise<{ readonly record?: SealedRecord; readonly asOf: EpochMs }>
  /**
   * Puts `next` in place of the record whose revision is `expected`, or where nothing stands (`'absent'`), in one
   * atomic step; `undefined` removes it (where nothing stands that is done already). `written: false` means that something else stood there and nothing was changed.
   *
   * A rejection leaves open whether the write was applied, or will be later. A store that knows that it was not, and
   * never will be (the database answered with a refusal), rejects with a `RecruitOAuthError` whose `written` is `'no'`.
   */
  write(id: ConnectionId, next: SealedRecord | undefined, expected: Revision | 'absent'): Promise<{ readonly written: boolean; readonly asOf: EpochMs }>
  /** By index, ordered by the octets of the id's UTF-8, after `after`: never a scan of the envelopes. */
  list(query: ListQuery): Promise<readonly ConnectionSummary[]>
}

export interface ListQuery {
  readonly owner?: PrincipalId
  readonly unfinished?: true
  readonly after?: ConnectionId
  /** 1 to 1000; anything else is `argument-invalid`. */
  readonly limit: number
}
