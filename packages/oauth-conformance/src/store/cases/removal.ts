import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, lists, put, remove, expectStored, written } from './record.ts'

/** What is gone is gone, and what is made anew is new. */
export const removal = storeCasesOf({
  'removed-once': [
    'the right revision removes the record, and once only',
    'two sweepers from both having done it',
    async ({ store }) => {
      const { revision } = await put(store, 'acme')
      equal(
        await written(store.write('acme', undefined, revision)),
        true,
        'removed by the revision that stands',
      )
      equal(await written(store.write('acme', undefined, revision)), false, 'removed again')
    },
  ],
  'removed-is-gone': [
    'what was removed is read nowhere and listed nowhere',
    'customers who asked to be forgotten',
    async ({ store }) => {
      await remove(store, 'acme', await put(store, 'acme', { principal: 'user 1', pending: true }))
      await expectStored(store, 'acme', undefined)
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const)
        await lists(store, { ...query, limit: 10 }, [])
    },
  ],
  'removed-leaves-others': [
    'a removal takes one record and no other',
    'connections whose names begin alike',
    async ({ store }) => {
      const [one, more] = [
        await put(store, 'acme', { principal: 'user 1' }),
        await put(store, 'acme 2', { principal: 'user 1' }),
      ]
      await remove(store, 'acme', one)
      await expectStored(store, 'acme 2', more)
      await lists(store, { principal: 'user 1', limit: 10 }, ['acme 2'])
    },
  ],
  'absent-removal': [
    'a removal of what is ‘absent’ says whether it was, and removes nothing',
    'a connection from a sweeper that believes it gone',
    async ({ store }) => {
      equal(
        await written(store.write('acme', undefined, 'absent')),
        true,
        'done where nothing stood',
      )
      const record = await put(store, 'acme')
      equal(
        await written(store.write('acme', undefined, 'absent')),
        false,
        'done where something stands',
      )
      await expectStored(store, 'acme', record)
    },
  ],
  'made-again': [
    'a record that is made again matches none of its former revisions',
    'a new consent from a writer of the time before it was forgotten',
    async ({ store }) => {
      const former = await put(store, 'acme')
      await remove(store, 'acme', former)
      const again = await put(store, 'acme')
      equal(
        await written(store.write('acme', createRecord(), former.revision)),
        false,
        'replaced by a revision of the former record',
      )
      equal(
        await written(store.write('acme', undefined, former.revision)),
        false,
        'removed by a revision of the former record',
      )
      await expectStored(store, 'acme', again)
    },
  ],
  'made-again-often': [
    'a place can be emptied and filled again, as often as somebody likes',
    'people who change their mind',
    async ({ store }) => {
      for (let round = 0; round < 10; round++) {
        const record = await put(store, 'acme', { principal: `user ${round}` })
        await expectStored(store, 'acme', record)
        await remove(store, 'acme', record)
      }
      await lists(store, { limit: 10 }, [])
    },
  ],
})
