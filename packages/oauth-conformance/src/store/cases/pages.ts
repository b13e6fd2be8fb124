import type { ListQuery } from '@zrecruit/oauth-core'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import {
  createRecord,
  listIds,
  sortByBytes,
  expectListed,
  listAllPages,
  put,
  remove,
  replace,
  readRecord,
} from './record.ts'

/**
 * The ids of 200 connections. Each gets an envelope of 6 kB, together more than 1 MB, which some
 * databases do not return at once.
 */
const manyIds = Array.from({ length: 200 }, (_, n) => `c${String(n).padStart(3, '0')}`)

/** Pages of listings, some of them during writes. */
export const pages = storeCasesOf({
  'list-pages-of-many': [
    'more than 1 MB of connections is listed completely, at once and in pages',
    'Apps grow.',
    async ({ store }) => {
      for (let at = 0; at < manyIds.length; at += 20)
        await Promise.all(
          manyIds
            .slice(at, at + 20)
            .map((id) => put(store, id, { principal: 'user 1', envelope: id.repeat(1_500) })),
        )
      await expectListed(store, { limit: 1000 }, manyIds)
      await expectListed(
        store,
        { principal: 'user 1', limit: 1000, after: 'c000' },
        manyIds.slice(1),
      )
      await expectListed(store, { limit: manyIds.length - 1 }, manyIds.slice(0, -1))
      equal(await listAllPages(store, 90), manyIds, 'the ids in pages of ninety')
    },
  ],
  'list-pages-while-removing': [
    'pages have each connection once, even if listed ones are removed in between',
    'Clean-up jobs remove the connections that they list.',
    async ({ store }) => {
      const ids = sortByBytes(Array.from({ length: 30 }, (_, n) => `c${n}`))
      for (const id of ids) await put(store, id)
      const seen = await listAllPages(store, 7, async (last) =>
        remove(store, last, (await readRecord(store, last)) as never),
      )
      equal(seen, ids, 'the ids in pages of seven')
    },
  ],
  'list-pages-while-writing': [
    'pages have each permanent connection once during concurrent writes',
    'Clean-up jobs run while the app writes.',
    async ({ store }) => {
      const permanent = sortByBytes(Array.from({ length: 40 }, (_, n) => `c${n}`))
      for (const id of permanent) await put(store, id)
      let isDone = false
      const write = async (own: readonly string[], round = 0): Promise<void> => {
        for (const id of own) {
          const record = await readRecord(store, id)
          if (record)
            await replace(store, id, record, {
              pending: round % 2 === 0,
              principal: `user ${round % 3}`,
            })
        }
        const temporary = `${own[0]} temporary`
        await remove(store, temporary, await put(store, temporary))
        if (!isDone) await write(own, round + 1)
      }
      const listings: string[][] = []
      const listRepeatedly = async () => {
        for (let round = 0; round < 5; round++)
          listings.push((await listAllPages(store, 6)).filter((id) => !id.endsWith('temporary')))
      }
      const writers = [0, 1, 2].map((n) => write(permanent.filter((_, at) => at % 3 === n)))
      await Promise.all([...writers, listRepeatedly().finally(() => (isDone = true))])
      for (const seen of listings) equal(seen, permanent, 'the ids in pages of six')
    },
  ],
  'list-is-true': [
    'all filters match the stored records after a hundred writes',
    'Indexes must stay consistent.',
    async ({ store }) => {
      const ids = Array.from({ length: 10 }, (_, n) => `c${n}`)
      for (let n = 0; n < 100; n++) {
        const id = ids[(n * 7) % 10] as string
        const before = await readRecord(store, id)
        if (before && n % 5 === 0) await remove(store, id, before)
        else
          await store.write(
            id,
            createRecord({
              pending: n % 2 === 0,
              ...(n % 4 !== 0 && { principal: `user ${n % 3}` }),
            }),
            before?.revision ?? 'absent',
          )
      }
      const records = await Promise.all(
        ids.map(async (id) => ({ id, record: await readRecord(store, id) })),
      )
      const queries: Omit<ListQuery, 'limit'>[] = [
        {},
        { pending: true },
        ...[0, 1, 2].flatMap((n) => [
          { principal: `user ${n}` },
          { principal: `user ${n}`, pending: true as const },
        ]),
      ]
      for (const query of queries) {
        const expected = records.filter(
          ({ record }) =>
            record &&
            (query.principal === undefined || record.principal === query.principal) &&
            (!query.pending || record.pending),
        )
        // No principal needs to have a connection at the end.
        expectTrue(
          query.principal !== undefined || expected.length > 0,
          'the case itself has stored connections for the query',
        )
        equal(
          await listIds(store, { ...query, limit: 100 }),
          expected.map(({ id }) => id),
          `the ids in ${JSON.stringify(query)}`,
        )
      }
    },
  ],
})
