import { equal } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, createRevision, put, replace, expectStored, written } from './record.ts'

/** One writer wins, and the others know that they did not. */
export const compareAndSet = storeCasesOf({
  'absent-keeps': [
    '‘absent’ does not replace what stands there',
    'a living connection from a first consent that comes late',
    async ({ store }) => {
      const first = await put(store, 'acme')
      equal(
        await written(store.write('acme', createRecord(), 'absent')),
        false,
        'written over what stands',
      )
      await expectStored(store, 'acme', first)
    },
  ],
  'revision-replaces': [
    'the right revision replaces the record whole, and keeps nothing of the former one',
    'a connection from facts that are no longer so',
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
    'a revision that has passed replaces nothing and removes nothing',
    'a newer consent from a holder that comes late',
    async ({ store }) => {
      const first = await put(store, 'acme')
      const second = await replace(store, 'acme', first)
      equal(
        await written(store.write('acme', createRecord(), first.revision)),
        false,
        'replaced by a revision that has passed',
      )
      equal(
        await written(store.write('acme', undefined, first.revision)),
        false,
        'removed by a revision that has passed',
      )
      await expectStored(store, 'acme', second)
    },
  ],
  'revision-where-nothing': [
    'a revision matches nothing where nothing stands',
    'what was forgotten from coming back',
    async ({ store }) => {
      equal(
        await written(store.write('acme', createRecord(), createRevision())),
        false,
        'replaced where nothing stood',
      )
      equal(
        await written(store.write('acme', undefined, createRevision())),
        false,
        'removed where nothing stood',
      )
      await expectStored(store, 'acme', undefined)
    },
  ],
  'revision-of-another': [
    'the revision of another record opens nothing',
    'one customer’s connection from another’s',
    async ({ store }) => {
      const [one, two] = [await put(store, 'one'), await put(store, 'two')]
      equal(
        await written(store.write('one', createRecord(), two.revision)),
        false,
        'written by the revision of another record',
      )
      await expectStored(store, 'one', one)
      await expectStored(store, 'two', two)
    },
  ],
  'revision-octets': [
    'revisions compare octet by octet, and whole',
    'a connection from a writer that guessed almost right',
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
          await written(store.write('acme', createRecord(), other)),
          false,
          `written by ${JSON.stringify(other)} over ${revision}`,
        )
    },
  ],
})
