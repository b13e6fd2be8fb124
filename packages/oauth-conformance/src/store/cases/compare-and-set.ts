import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, createRevision, put, replace, expectStored, wasWritten } from './record.ts'

/** One writer succeeds, and the others are told that they did not. */
export const compareAndSet = storeCasesOf({
  'absent-keeps': [
    'a write that expects ‘absent’ does not replace a record',
    'A late first consent must not replace a live connection.',
    async ({ store }) => {
      const first = await put(store, 'acme')
      equal(
        await wasWritten(store.write('acme', createRecord(), 'absent')),
        false,
        'overwrote a record',
      )
      await expectStored(store, 'acme', first)
    },
  ],
  'revision-replaces': [
    'a write with the current revision replaces the whole record',
    'Outdated fields must not remain.',
    async ({ store }) => {
      const first = await put(store, 'acme', {
        principal: 'user 1',
        dataCenter: 'eu',
        pending: true,
      })
      await expectStored(store, 'acme', await replace(store, 'acme', first, { status: 'revoked' }))
    },
  ],
  'passed-revision': [
    'an outdated revision neither replaces nor removes a record',
    'A late writer must not undo a newer consent.',
    async ({ store }) => {
      const first = await put(store, 'acme')
      const second = await replace(store, 'acme', first)
      equal(
        await wasWritten(store.write('acme', createRecord(), first.revision)),
        false,
        'replaced with an outdated revision',
      )
      equal(
        await wasWritten(store.write('acme', undefined, first.revision)),
        false,
        'removed with an outdated revision',
      )
      await expectStored(store, 'acme', second)
    },
  ],
  'revision-where-nothing': [
    'a revision does not match a missing record',
    'A forgotten connection must not come back.',
    async ({ store }) => {
      equal(
        await wasWritten(store.write('acme', createRecord(), createRevision())),
        false,
        'replaced a missing record',
      )
      equal(
        await wasWritten(store.write('acme', undefined, createRevision())),
        false,
        'removed a missing record',
      )
      await expectStored(store, 'acme', undefined)
    },
  ],
  'revision-of-another': [
    'the revision of another record does not match',
    'One customer must not change another’s connection.',
    async ({ store }) => {
      const [one, two] = [await put(store, 'one'), await put(store, 'two')]
      equal(
        await wasWritten(store.write('one', createRecord(), two.revision)),
        false,
        'written with the revision of another record',
      )
      await expectStored(store, 'one', one)
      await expectStored(store, 'two', two)
    },
  ],
  'revision-octets': [
    'revisions are compared byte for byte and in full',
    'A similar revision must not match.',
    async ({ store }) => {
      const revision = 'AbCdEfGhIjKlMnOpQrStUv'
      await put(store, 'acme', { revision })
      for (const other of [
        revision.toLowerCase(),
        `${revision} `,
        revision.slice(0, -1),
        `${revision}v`,
        '%',
        '*',
        '',
      ])
        equal(
          await wasWritten(store.write('acme', createRecord(), other)),
          false,
          `written with the revision ${JSON.stringify(other)} instead of ${revision}`,
        )
    },
  ],
})
