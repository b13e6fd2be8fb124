import type { ConnectionStore, ListQuery, SealedRecord } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { equal, expectTrue } from '../../cases/expect.ts'

/** 128 random bits, as in core. */
export const createRevision = (): string => randomBytes(16).toString('base64url')

/** Creates a unique record. */
export const createRecord = (fields: Partial<SealedRecord> = {}): SealedRecord => {
  const revision = createRevision()
  return {
    revision,
    status: 'active',
    pending: false,
    envelope: `envelope of ${revision}`,
    ...fields,
  }
}

/** Writes a new record. */
export const put = async (
  store: ConnectionStore,
  id: string,
  fields: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = createRecord(fields)
  equal(
    await wasWritten(store.write(id, record, 'absent')),
    true,
    `written as a new record, at ${JSON.stringify(id)}`,
  )
  return record
}

/** Replaces a stored record. */
export const replace = async (
  store: ConnectionStore,
  id: string,
  former: SealedRecord,
  fields: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = createRecord(fields)
  equal(
    await wasWritten(store.write(id, record, former.revision)),
    true,
    `written with the current revision, at ${JSON.stringify(id)}`,
  )
  return record
}

export const remove = async (
  store: ConnectionStore,
  id: string,
  former: SealedRecord,
): Promise<void> =>
  equal(
    await wasWritten(store.write(id, undefined, former.revision)),
    true,
    `removed with the current revision, at ${JSON.stringify(id)}`,
  )

export const readRecord = async (
  store: ConnectionStore,
  id: string,
): Promise<SealedRecord | undefined> => (await store.read(id)).record

/** Expects exactly this record, or none for `undefined`. */
export const expectStored = async (
  store: ConnectionStore,
  id: string,
  record: SealedRecord | undefined,
): Promise<void> =>
  equal(await readRecord(store, id), record, `the record at ${JSON.stringify(id)}`)

export const wasWritten = async (
  response: Promise<{ readonly written: boolean }>,
): Promise<boolean> => (await response).written

/** The indexes of the successful writes. */
export const winnerIndexes = async (responses: readonly Promise<boolean>[]): Promise<number[]> =>
  [...(await Promise.all(responses)).entries()].flatMap(([index, won]) => (won ? [index] : []))

export const listIds = async (store: ConnectionStore, query: ListQuery): Promise<string[]> =>
  (await store.list(query)).map(({ id }) => id)

/** Expects a listing with these ids in this order. */
export const expectListed = async (
  store: ConnectionStore,
  query: ListQuery,
  ids: readonly string[],
): Promise<void> => equal(await listIds(store, query), ids, `the ids in ${JSON.stringify(query)}`)

/** Lists all pages and returns the ids. */
export const listAllPages = async (
  store: ConnectionStore,
  limit: number,
  between: (last: string) => Promise<void> = async () => {},
): Promise<string[]> => {
  const seen: string[] = []
  for (let after: string | undefined; ;) {
    const page = await listIds(store, { limit, ...(after !== undefined && { after }) })
    seen.push(...page)
    const last = page.at(-1)
    if (last === undefined) return seen
    expectTrue(last !== after && seen.length < 10_000, 'pages advance and end')
    after = last
    await between(after)
  }
}

/** Sorts by UTF-8 bytes. */
export const sortByBytes = (ids: readonly string[]): string[] =>
  [...ids].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
