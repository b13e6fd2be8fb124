import { isRecruitOAuthError, type ConnectionStore } from '@zrecruit/oauth-core'
import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, inOrder, lists, put, replace, written } from './record.ts'

/** Twelve connections of two principals or nobody's, every third of them pending. */
const twelve = async (store: ConnectionStore) => {
  for (let n = 0; n < 12; n++)
    await put(store, `c${String(n).padStart(2, '0')}`, {
      ...(n % 4 !== 0 && { principal: `user ${n % 2}` }),
      pending: n % 3 === 0,
    })
}

/** What is found, and by what. */
export const listing = storeCasesOf({
  'list-facts': [
    'a listing shows facts, and neither envelope nor revision',
    'sealed tokens from pages of an admin, and the store from reading them all',
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
    'a listing is ordered by the octets of the ids, whatever its filter',
    'sweepers, which go on after the last id that they saw',
    async ({ store }) => {
      const ids = ['b', 'a', 'B', '10', '9', 'ä', 'aa', 'a b', 'a-b']
      for (const id of ids) await put(store, id, { principal: 'user 1', pending: true })
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const)
        await lists(store, { ...query, limit: 1000 }, inOrder(ids))
    },
  ],
  'list-order-utf8': [
    'the octets are those of UTF-8, not the units of UTF-16',
    'sweepers from passing over connections whose ids hold an emoji',
    async ({ store }) => {
      for (const id of ['😀', '\uff5e', 'z']) await put(store, id)
      await lists(store, { limit: 9 }, ['z', '\uff5e', '😀'])
      await lists(store, { after: '\uff5e', limit: 9 }, ['😀'])
    },
  ],
  'list-after': [
    'a listing begins after an id, which need not be there, and does not show it again',
    'sweepers from going round in circles',
    async ({ store }) => {
      for (const id of ['a', 'b', 'ba', 'c'])
        await put(store, id, { principal: 'user 1', pending: true })
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const) {
        await lists(store, { ...query, after: 'a', limit: 9 }, ['b', 'ba', 'c'])
        await lists(store, { ...query, after: 'b', limit: 1 }, ['ba'])
        await lists(store, { ...query, after: 'bA', limit: 9 }, ['ba', 'c'])
        await lists(store, { ...query, after: 'c', limit: 9 }, [])
      }
    },
  ],
  'list-limit': [
    'a listing is as long as its limit where there is more, with a filter too',
    'processes from listings that fill their memory, and sweepers from ending too early',
    async ({ store }) => {
      await twelve(store)
      await lists(store, { limit: 3 }, ['c00', 'c01', 'c02'])
      await lists(store, { limit: 1, pending: true, after: 'c00' }, ['c03'])
      await lists(store, { limit: 2, principal: 'user 1', pending: true }, ['c03', 'c09'])
    },
  ],
  'list-limit-bounds': [
    'a limit that is no integer from 1 to 1000 is argument-invalid',
    'developers from an empty page that says nothing',
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
    'a listing of one principal shows theirs alone',
    'whom an app lets see and disconnect what they connected',
    async ({ store }) => {
      await twelve(store)
      await lists(store, { principal: 'user 1', limit: 9 }, [
        'c01',
        'c03',
        'c05',
        'c07',
        'c09',
        'c11',
      ])
      await lists(store, { principal: 'user 0', limit: 9 }, ['c02', 'c06', 'c10'])
      for (const principal of ['User 1', 'user 1 ', 'user', '%', '*'])
        await lists(store, { principal, limit: 9 }, [])
    },
  ],
  'list-unfinished': [
    'a listing of what is pending shows that alone',
    'revocations that nobody finished',
    async ({ store }) => {
      await twelve(store)
      await lists(store, { pending: true, limit: 9 }, ['c00', 'c03', 'c06', 'c09'])
      await lists(store, { pending: true, after: 'c04', limit: 9 }, ['c06', 'c09'])
    },
  ],
  'list-by-both': [
    'all filters hold together',
    'whoever finishes what one person left',
    async ({ store }) => {
      await twelve(store)
      await lists(store, { principal: 'user 1', pending: true, limit: 9 }, ['c03', 'c09'])
      await lists(store, { principal: 'user 1', pending: true, after: 'c03', limit: 9 }, ['c09'])
      await lists(store, { principal: 'user 1', pending: true, after: 'c09', limit: 9 }, [])
    },
  ],
  'list-follows-owner': [
    'a listing follows the write: a new principal has it, and the former has no trace of it',
    'a former principal’s ‘disconnect all’ from ending what is another’s now',
    async ({ store }) => {
      const first = await put(store, 'acme', { principal: 'user 1' })
      await lists(store, { principal: 'user 1', limit: 1 }, ['acme'])
      const second = await replace(store, 'acme', first, { principal: 'user 2' })
      await lists(store, { principal: 'user 1', limit: 1 }, [])
      await lists(store, { principal: 'user 2', limit: 1 }, ['acme'])
      await replace(store, 'acme', second)
      await lists(store, { principal: 'user 2', limit: 1 }, [])
      await lists(store, { limit: 9 }, ['acme'])
    },
  ],
  'list-follows-unfinished': [
    'a listing follows the write: what was finished is not in it, and what began is',
    'Zoho from revocations that are sent again and again',
    async ({ store }) => {
      const first = await put(store, 'acme')
      await lists(store, { pending: true, limit: 1 }, [])
      const second = await replace(store, 'acme', first, { pending: true, status: 'revoking' })
      equal(
        await store.list({ pending: true, limit: 1 }),
        [{ id: 'acme', status: 'revoking', pending: true }],
        'what is pending',
      )
      await replace(store, 'acme', second, { status: 'revoked' })
      await lists(store, { pending: true, limit: 1 }, [])
      equal(
        await store.list({ limit: 1 }),
        [{ id: 'acme', status: 'revoked', pending: false }],
        'the listing',
      )
    },
  ],
  'list-after-refusal': [
    'a write that was refused changes no listing',
    'listings from what was never so',
    async ({ store }) => {
      await put(store, 'acme', { principal: 'user 1' })
      const other = createRecord({ principal: 'user 2', pending: true, status: 'revoking' })
      for (const expected of ['absent', other.revision])
        equal(
          await written(store.write('acme', other, expected)),
          false,
          'written over what stands',
        )
      equal(
        await written(store.write('nobody', other, other.revision)),
        false,
        'written where nothing stands',
      )
      equal(
        await store.list({ limit: 9 }),
        [{ id: 'acme', status: 'active', pending: false, principal: 'user 1' }],
        'the listing',
      )
      await lists(store, { principal: 'user 2', limit: 9 }, [])
      await lists(store, { pending: true, limit: 9 }, [])
    },
  ],
})
