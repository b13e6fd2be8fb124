import assert from 'node:assert/strict'
import { aRecord, ids, names, put, stored, type StoreLaw } from './law.ts'

/** What is found by owner, by what is unfinished, page by page. */
export const listingLaws: readonly StoreLaw[] = [
  {
    title: 'a listing shows facts, and neither envelope nor revision',
    async run(store) {
      await put(store, 'acme', { status: 'revoking', unfinished: true, owner: 'user 1', dataCenter: 'in' })
      assert.deepEqual(await store.list({ limit: 1000 }), [{ id: 'acme', status: 'revoking', unfinished: true, owner: 'user 1', dataCenter: 'in' }])
    },
  },
  {
    title: 'a listing is ordered by id, and not longer than its limit',
    async run(store) {
      for (const id of ['b', 'a', 'B', '10', '9', 'ä', 'aa']) await put(store, id)
      assert.deepEqual(await ids(store, { limit: 1000 }), ['10', '9', 'B', 'a', 'aa', 'b', 'ä'])
      assert.deepEqual(await ids(store, { limit: 3 }), ['10', '9', 'B'])
    },
  },
  {
    title: 'a listing chooses by owner, by what is unfinished, and by both, after any id',
    async run(store) {
      for (let n = 0; n < 12; n++) await put(store, `c${n % 10}${n}`, { ...(n % 4 !== 0 && { owner: `user ${n % 2}` }), unfinished: n % 3 === 0 })
      assert.deepEqual(await ids(store, { owner: 'user 1', limit: 9 }), ['c111', 'c11', 'c33', 'c55', 'c77', 'c99'].sort())
      assert.deepEqual(await ids(store, { unfinished: true, limit: 9 }), ['c00', 'c33', 'c66', 'c99'])
      assert.deepEqual(await ids(store, { owner: 'user 1', unfinished: true, limit: 9 }), ['c33', 'c99'])
      assert.deepEqual(await ids(store, { owner: 'user 1', unfinished: true, after: 'c33', limit: 9 }), ['c99'])
      assert.deepEqual(await ids(store, { unfinished: true, after: 'c34', limit: 1 }), ['c66'])
      assert.deepEqual(await ids(store, { owner: 'User 1', limit: 9 }), [])
      assert.deepEqual(await ids(store, { after: 'd', limit: 9 }), [])
    },
  },
  {
    title: 'pages show every connection once, whatever is removed between them',
    async run(store) {
      for (const name of names) await put(store, name)
      const seen: string[] = []
      for (let after: string | undefined; ; ) {
        const page = await store.list({ limit: 7, ...(after !== undefined && { after }) })
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1)?.id
        if (after === undefined) break
        await store.write(after, undefined, (await stored(store, after))?.revision ?? '')
      }
      assert.deepEqual(seen.sort(), [...names].sort())
    },
  },
  {
    title: 'a listing follows the writes: a new owner, and what was finished',
    async run(store) {
      const first = await put(store, 'acme', { owner: 'user 1', unfinished: true })
      await store.write('acme', aRecord({ owner: 'user 2' }), first.revision)
      assert.deepEqual([await ids(store, { owner: 'user 1', limit: 1 }), await ids(store, { owner: 'user 2', limit: 1 }), await ids(store, { unfinished: true, limit: 1 })], [[], ['acme'], []])
    },
  },
  {
    title: 'orders by the octets of UTF-8, not by the units of UTF-16',
    async run(store) {
      for (const id of ['😀', '\uff5e', 'z']) await put(store, id)
      assert.deepEqual(await ids(store, { limit: 9 }), ['z', '\uff5e', '😀'])
      assert.deepEqual(await ids(store, { after: '\uff5e', limit: 9 }), ['😀'])
    },
  },
  {
    title: 'refuses to list fewer than one or more than a thousand',
    async run(store) {
      for (const limit of [0, -1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await assert.rejects(store.list({ limit }), { code: 'argument-invalid' })
      }
    },
  },
]
