import { isRecruitOAuthError, type ConnectionStore } from '@zrecruit/oauth-core'
import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, sortByBytes, expectListed, put, replace, wasWritten } from './record.ts'

/**
 * Stores twelve connections: nine with the principal `user 0` or `user 1`, and three without one.
 * Every third one is pending.
 */
const putTwelve = async (store: ConnectionStore) => {
  for (let n = 0; n < 12; n++)
    await put(store, `c${String(n).padStart(2, '0')}`, {
      ...(n % 4 !== 0 && { principal: `user ${n % 2}` }),
      pending: n % 3 === 0,
    })
}

/** Filters and order of listings. */
export const listing = storeCasesOf({
  'list-facts': [
    'a listing has all members of a record except envelope and revision',
    'Admin pages must not get sealed tokens, and the store need not read them.',
    async ({ store }) => {
      await put(store, 'acme', {
        status: 'revoking',
        pending: true,
        principal: 'user 1',
        dataCenter: 'in',
      })
      equal(
        await store.list({ limit: 1000 }),
        [{ id: 'acme', status: 'revoking', pending: true, principal: 'user 1', dataCenter: 'in' }],
        'the listing',
      )
    },
  ],
  'list-order': [
    'a listing is ordered by the bytes of the ids, with every filter',
    'Clean-up jobs continue after the last id of a page.',
    async ({ store }) => {
      const ids = ['b', 'a', 'B', '10', '9', 'ä', 'aa', 'a b', 'a-b']
      for (const id of ids) await put(store, id, { principal: 'user 1', pending: true })
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const)
        await expectListed(store, { ...query, limit: 1000 }, sortByBytes(ids))
    },
  ],
  'list-order-utf8': [
    'the order is by UTF-8 bytes, not by UTF-16 units',
    'Clean-up jobs must not skip connections with an emoji in the id.',
    async ({ store }) => {
      for (const id of ['😀', '\uff5e', 'z']) await put(store, id)
      await expectListed(store, { limit: 9 }, ['z', '\uff5e', '😀'])
      await expectListed(store, { after: '\uff5e', limit: 9 }, ['😀'])
    },
  ],
  'list-after': [
    'a listing starts after the given id, which need not exist',
    'Clean-up jobs must not repeat a page.',
    async ({ store }) => {
      for (const id of ['a', 'b', 'ba', 'c'])
        await put(store, id, { principal: 'user 1', pending: true })
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const) {
        await expectListed(store, { ...query, after: 'a', limit: 9 }, ['b', 'ba', 'c'])
        await expectListed(store, { ...query, after: 'b', limit: 1 }, ['ba'])
        await expectListed(store, { ...query, after: 'bA', limit: 9 }, ['ba', 'c'])
        await expectListed(store, { ...query, after: 'c', limit: 9 }, [])
      }
    },
  ],
  'list-limit': [
    'a listing has as many rows as its limit if more rows exist, even with a filter',
    'Listings must not fill the memory, and clean-up jobs must not stop too early.',
    async ({ store }) => {
      await putTwelve(store)
      await expectListed(store, { limit: 3 }, ['c00', 'c01', 'c02'])
      await expectListed(store, { limit: 1, pending: true, after: 'c00' }, ['c03'])
      await expectListed(store, { limit: 2, principal: 'user 1', pending: true }, ['c03', 'c09'])
    },
  ],
  'list-limit-bounds': [
    'a limit that is not an integer from 1 to 1000 is argument-invalid',
    'An empty page would hide the mistake.',
    async ({ store }) => {
      for (const limit of [0, -1, 1001, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        const error: unknown = await store.list({ limit }).then(
          () => undefined,
          (caught: unknown) => caught,
        )
        equal(
          isRecruitOAuthError(error) ? error.code : error,
          'argument-invalid',
          `the error at limit ${limit}`,
        )
      }
    },
  ],
  'list-by-owner': [
    'a listing by principal has only that principal’s connections',
    'Users may see and disconnect only their own connections.',
    async ({ store }) => {
      await putTwelve(store)
      await expectListed(store, { principal: 'user 1', limit: 9 }, [
        'c01',
        'c03',
        'c05',
        'c07',
        'c09',
        'c11',
      ])
      await expectListed(store, { principal: 'user 0', limit: 9 }, ['c02', 'c06', 'c10'])
      for (const principal of ['User 1', 'user 1 ', 'user', '%', '*'])
        await expectListed(store, { principal, limit: 9 }, [])
    },
  ],
  'list-unfinished': [
    'a listing of pending connections has only those',
    'Unfinished revocations must be found.',
    async ({ store }) => {
      await putTwelve(store)
      await expectListed(store, { pending: true, limit: 9 }, ['c00', 'c03', 'c06', 'c09'])
      await expectListed(store, { pending: true, after: 'c04', limit: 9 }, ['c06', 'c09'])
    },
  ],
  'list-by-both': [
    'all filters can be combined',
    'An app can recover the pending work of one user.',
    async ({ store }) => {
      await putTwelve(store)
      await expectListed(store, { principal: 'user 1', pending: true, limit: 9 }, ['c03', 'c09'])
      await expectListed(store, { principal: 'user 1', pending: true, after: 'c03', limit: 9 }, [
        'c09',
      ])
      await expectListed(store, { principal: 'user 1', pending: true, after: 'c09', limit: 9 }, [])
    },
  ],
  'list-follows-owner': [
    'after a write with a new principal, only that principal has the connection',
    'revokeAll() of the former principal must not revoke the connection of the new one.',
    async ({ store }) => {
      const first = await put(store, 'acme', { principal: 'user 1' })
      await expectListed(store, { principal: 'user 1', limit: 1 }, ['acme'])
      const second = await replace(store, 'acme', first, { principal: 'user 2' })
      await expectListed(store, { principal: 'user 1', limit: 1 }, [])
      await expectListed(store, { principal: 'user 2', limit: 1 }, ['acme'])
      await replace(store, 'acme', second)
      await expectListed(store, { principal: 'user 2', limit: 1 }, [])
      await expectListed(store, { limit: 9 }, ['acme'])
    },
  ],
  'list-follows-unfinished': [
    'a listing of pending connections follows each write',
    'A finished revocation must not be sent again.',
    async ({ store }) => {
      const first = await put(store, 'acme')
      await expectListed(store, { pending: true, limit: 1 }, [])
      const second = await replace(store, 'acme', first, { pending: true, status: 'revoking' })
      equal(
        await store.list({ pending: true, limit: 1 }),
        [{ id: 'acme', status: 'revoking', pending: true }],
        'the pending connections',
      )
      await replace(store, 'acme', second, { status: 'revoked' })
      await expectListed(store, { pending: true, limit: 1 }, [])
      equal(
        await store.list({ limit: 1 }),
        [{ id: 'acme', status: 'revoked', pending: false }],
        'the listing',
      )
    },
  ],
  'list-after-refusal': [
    'a refused write does not change any listing',
    'Listings must not contain data that was never stored.',
    async ({ store }) => {
      await put(store, 'acme', { principal: 'user 1' })
      const other = createRecord({ principal: 'user 2', pending: true, status: 'revoking' })
      for (const expectedRevision of ['absent', other.revision])
        equal(
          await wasWritten(store.write('acme', other, expectedRevision)),
          false,
          'overwrote a record',
        )
      equal(
        await wasWritten(store.write('nobody', other, other.revision)),
        false,
        'wrote a missing record',
      )
      equal(
        await store.list({ limit: 9 }),
        [{ id: 'acme', status: 'active', pending: false, principal: 'user 1' }],
        'the listing',
      )
      await expectListed(store, { principal: 'user 2', limit: 9 }, [])
      await expectListed(store, { pending: true, limit: 9 }, [])
    },
  ],
})
