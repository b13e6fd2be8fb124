import type { ConnectionStore, ListQuery, SealedRecord } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { equal, holds } from '../../cases/expect.ts'

/** As core makes them: 128 random bits. */
export const createRevision = (): string => randomBytes(16).toString('base64url')

/** A record that no other is equal to. */
export const createRecord = (facts: Partial<SealedRecord> = {}): SealedRecord => {
  const revision = createRevision()
  return {
    revision,
    status: 'active',
    pending: false,
    envelope: `envelope of ${revision}`,
    ...facts,
  }
}

/** Writes a record where nothing stands. */
export const put = async (
  store: ConnectionStore,
  id: string,
  facts: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = createRecord(facts)
  equal(
    await written(store.write(id, record, 'absent')),
    true,
    `written where nothing stood, at ${JSON.stringify(id)}`,
  )
  return record
}

/** Writes a record over the one that stands. */
export const replace = async (
  store: ConnectionStore,
  id: string,
  former: SealedRecord,
  facts: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = createRecord(facts)
  equal(
    await written(store.write(id, record, former.revision)),
    true,
    `written by the revision that stands, at ${JSON.stringify(id)}`,
  )
  return record
}

export const remove = async (
  store: ConnectionStore,
  id: string,
  former: SealedRecord,
): Promise<void> =>
  equal(
    await written(store.write(id, undefined, former.revision)),
    true,
    `removed by the revision that stands, at ${JSON.stringify(id)}`,
  )

export const stored = async (
  store: ConnectionStore,
  id: string,
): Promise<SealedRecord | undefined> => (await store.read(id)).record

/** What stands there is this, to the octet; `undefined`: nothing. */
export const expectStored = async (
  store: ConnectionStore,
  id: string,
  record: SealedRecord | undefined,
): Promise<void> => equal(await stored(store, id), record, `what stands at ${JSON.stringify(id)}`)

export const written = async (answer: Promise<{ readonly written: boolean }>): Promise<boolean> =>
  (await answer).written

/** Nobody's command was done but these writers' own: how many wrote. */
export const winnersOf = async (answers: readonly Promise<boolean>[]): Promise<number[]> =>
  [...(await Promise.all(answers)).entries()].flatMap(([index, won]) => (won ? [index] : []))

export const idsIn = async (store: ConnectionStore, query: ListQuery): Promise<string[]> =>
  (await store.list(query)).map(({ id }) => id)

/** A listing holds these, in this order. */
export const lists = async (
  store: ConnectionStore,
  query: ListQuery,
  ids: readonly string[],
): Promise<void> => equal(await idsIn(store, query), ids, `the ids in ${JSON.stringify(query)}`)

/** All pages, one after another. */
export const pagesOf = async (
  store: ConnectionStore,
  limit: number,
  between: (last: string) => Promise<void> = async () => {},
): Promise<string[]> => {
  const seen: string[] = []
  for (let after: string | undefined; ;) {
    const page = await idsIn(store, { limit, ...(after !== undefined && { after }) })
    seen.push(...page)
    const last = page.at(-1)
    if (last === undefined) return seen
    holds(last !== after && seen.length < 10_000, 'pages go on, and end')
    after = last
    await between(after)
  }
}

/** By the octets of their UTF-8. */
export const inOrder = (ids: readonly string[]): string[] =>
  [...ids].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
