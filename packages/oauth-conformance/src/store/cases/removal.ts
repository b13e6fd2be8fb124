import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, expectListed, put, remove, expectStored, wasWritten } from './record.ts'

/** Removed records are gone, and recreated records are new. */
export const removal = storeCasesOf({
  'removed-once': [
    'the current revision removes the record once',
    'Only one of two concurrent clean-up jobs may report success.',
    async ({ store }) => {
      const { revision } = await put(store, 'acme')
      equal(
        await wasWritten(store.write('acme', undefined, revision)),
        true,
        'removed with the current revision',
      )
      equal(await wasWritten(store.write('acme', undefined, revision)), false, 'removed again')
    },
  ],
  'removed-is-gone': [
    'a removed record is neither read nor listed',
    'Customers ask to be forgotten.',
    async ({ store }) => {
      await remove(store, 'acme', await put(store, 'acme', { principal: 'user 1', pending: true }))
      await expectStored(store, 'acme', undefined)
      for (const query of [{}, { principal: 'user 1' }, { pending: true }] as const)
        await expectListed(store, { ...query, limit: 10 }, [])
    },
  ],
  'removed-leaves-others': [
    'a removal affects only one record',
    'Ids can have a common prefix.',
    async ({ store }) => {
      const first = await put(store, 'acme', { principal: 'user 1' })
      const second = await put(store, 'acme 2', { principal: 'user 1' })
      await remove(store, 'acme', first)
      await expectStored(store, 'acme 2', second)
      await expectListed(store, { principal: 'user 1', limit: 10 }, ['acme 2'])
    },
  ],
  'absent-removal': [
    'a removal that expects ‘absent’ reports whether the record is absent, and removes nothing',
    'A clean-up job must not remove a connection whose record it did not find.',
    async ({ store }) => {
      equal(
        await wasWritten(store.write('acme', undefined, 'absent')),
        true,
        'succeeded for a missing record',
      )
      const record = await put(store, 'acme')
      equal(
        await wasWritten(store.write('acme', undefined, 'absent')),
        false,
        'succeeded for an existing record',
      )
      await expectStored(store, 'acme', record)
    },
  ],
  'made-again': [
    'a recreated record does not match its former revisions',
    'A late writer must not change a new consent.',
    async ({ store }) => {
      const former = await put(store, 'acme')
      await remove(store, 'acme', former)
      const again = await put(store, 'acme')
      equal(
        await wasWritten(store.write('acme', createRecord(), former.revision)),
        false,
        'replaced with a revision of the former record',
      )
      equal(
        await wasWritten(store.write('acme', undefined, former.revision)),
        false,
        'removed with a revision of the former record',
      )
      await expectStored(store, 'acme', again)
    },
  ],
  'made-again-often': [
    'a record can be removed and recreated repeatedly',
    'Users change their mind.',
    async ({ store }) => {
      for (let round = 0; round < 10; round++) {
        const record = await put(store, 'acme', { principal: `user ${round}` })
        await expectStored(store, 'acme', record)
        await remove(store, 'acme', record)
      }
      await expectListed(store, { limit: 10 }, [])
    },
  ],
})
