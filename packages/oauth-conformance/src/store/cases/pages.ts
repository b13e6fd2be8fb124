import type { ListQuery } from '@zrecruit/oauth-core'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import {
  createRecord,
  idsIn,
  inOrder,
  lists,
  pagesOf,
  put,
  remove,
  replace,
  stored,
} from './record.ts'

/** More than a megabyte, with envelopes of 6 KB: more than some databases read at once. */
const many = Array.from({ length: 200 }, (_, n) => `c${String(n).padStart(3, '0')}`)

/** Page by page, while others write. */
export const pages = storeCasesOf({
  'list-pages-of-many': [
    'connections of more than a megabyte are listed whole, at once and in pages of any length',
    'apps that have grown',
    async ({ store }) => {
      for (let at = 0; at < many.length; at += 20)
        await Promise.all(
          many
            .slice(at, at + 20)
            .map((id) => put(store, id, { principal: 'user 1', envelope: id.repeat(1_500) })),
        )
      await lists(store, { limit: 1000 }, many)
      await lists(store, { principal: 'user 1', limit: 1000, after: 'c000' }, many.slice(1))
      await lists(store, { limit: many.length - 1 }, many.slice(0, -1))
      equal(await pagesOf(store, 90), many, 'the ids in pages of ninety')
    },
  ],
  'list-pages-while-removing': [
    'pages show each connection once, though what was seen is removed between them',
    'sweepers, which remove what they list',
    async ({ store }) => {
      const ids = inOrder(Array.from({ length: 30 }, (_, n) => `c${n}`))
      for (const id of ids) await put(store, id)
      const seen = await pagesOf(store, 7, async (last) =>
        remove(store, last, (await stored(store, last)) as never),
      )
      equal(seen, ids, 'the ids in pages of seven')
    },
  ],
  'list-pages-while-writing': [
    'pages show what stands all the time once, whatever others write, make and remove ' +
      'between and beside it',
    'sweepers of an app that is alive',
    async ({ store }) => {
      const standing = inOrder(Array.from({ length: 40 }, (_, n) => `c${n}`))
      for (const id of standing) await put(store, id)
      let over = false
      const write = async (own: readonly string[], round = 0): Promise<void> => {
        for (const id of own) {
          const record = await stored(store, id)
          if (record)
            await replace(store, id, record, {
              pending: round % 2 === 0,
              principal: `user ${round % 3}`,
            })
        }
        const passing = `${own[0]} passing`
        await remove(store, passing, await put(store, passing))
        if (!over) await write(own, round + 1)
      }
      const sweeps: string[][] = []
      const sweeping = async () => {
        for (let sweep = 0; sweep < 5; sweep++)
          sweeps.push((await pagesOf(store, 6)).filter((id) => !id.endsWith('passing')))
      }
      const writers = [0, 1, 2].map((n) => write(standing.filter((_, at) => at % 3 === n)))
      await Promise.all([...writers, sweeping().finally(() => (over = true))])
      for (const seen of sweeps) equal(seen, standing, 'the ids in pages of six')
    },
  ],
  'list-is-true': [
    'all filters agree with what is read, after a hundred writes in no order',
    'every listing',
    async ({ store }) => {
      const ids = Array.from({ length: 10 }, (_, n) => `c${n}`)
      for (let n = 0; n < 100; n++) {
        const id = ids[(n * 7) % 10] as string
        const before = await stored(store, id)
        if (before && n % 5 === 0) await remove(store, id, before)
        else
          await store.write(
            id,
            createRecord({
              pending: n % 3 === 0,
              ...(n % 4 !== 0 && { principal: `user ${n % 3}` }),
            }),
            before?.revision ?? 'absent',
          )
      }
      const records = await Promise.all(
        ids.map(async (id) => ({ id, record: await stored(store, id) })),
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
        const fits = records.filter(
          ({ record }) =>
            record &&
            (query.principal === undefined || record.principal === query.principal) &&
            (!query.pending || record.pending),
        )
        holds(query.principal !== undefined || fits.length > 0, 'something is there to be listed')
        equal(
          await idsIn(store, { ...query, limit: 100 }),
          fits.map(({ id }) => id),
          `the ids in ${JSON.stringify(query)}`,
        )
      }
    },
  ],
})
