import type { SealedRecord } from '@zrecruit/oauth-core'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, expectListed, put, expectStored, readRecord } from './record.ts'

/** Changes an object unless it is frozen. */
const mutate = (object: object | undefined, fields: object): void => {
  for (const [name, value] of Object.entries(fields)) Reflect.set(object ?? {}, name, value)
}

const mutated = {
  revision: 'mutated',
  status: 'revoked',
  pending: true,
  principal: 'mutated',
  dataCenter: 'mutated',
  envelope: 'mutated',
  more: 'mutated',
}

/** Strings of 64 KiB in UTF-8. */
const big = {
  plain: 'x'.repeat(65_536),
  'four bytes each': '😀'.repeat(16_384),
  'three bytes each': `${'日'.repeat(21_845)}x`,
}

/** Records are stored and returned unchanged. */
export const contents = storeCasesOf({
  'nothing-there': [
    'reading and listing an empty store return nothing',
    'No one must appear connected without a consent.',
    async ({ store }) => {
      equal(
        'record' in (await store.read('nobody')),
        false,
        'a member ‘record’ in the read of a missing record',
      )
      await expectListed(store, { limit: 1000 }, [])
    },
  ],
  'comes-back': [
    'a written record is read back with all members, in each status',
    'Every fact of a connection must be stored.',
    async ({ store }) => {
      for (const status of ['none', 'active', 'needs-consent', 'revoking', 'revoked'] as const)
        await expectStored(
          store,
          status,
          await put(store, status, {
            status,
            pending: status === 'revoking',
            principal: 'user 1',
            dataCenter: 'eu',
          }),
        )
    },
  ],
  'bare-record': [
    'omitted members stay absent: not null, empty or undefined',
    'An absent member and an empty one are different values for core and for apps.',
    async ({ store }) => {
      const bare = await put(store, 'bare')
      equal(
        Object.keys((await readRecord(store, 'bare')) ?? {}).toSorted(),
        Object.keys(bare).toSorted(),
        'the members of a record without principal and data center',
      )
      const [row = {}] = await store.list({ limit: 1 })
      equal(
        Object.keys(row).toSorted(),
        ['id', 'pending', 'status'],
        'the members of its row in a listing',
      )
    },
  ],
  'facts-octets': [
    'principal and data center are stored byte for byte, up to 255 characters',
    'Names of customers are not always ASCII.',
    async ({ store }) => {
      for (const [n, principal] of [
        'Zoë ',
        'Zoe\u0308',
        '\ufeffуправляющий',
        '日'.repeat(255),
        `${'😀'.repeat(127)}x`,
        '"\\u0041\\',
        '%',
        '0',
        'false',
      ].entries())
        await expectStored(
          store,
          `c${n}`,
          await put(store, `c${n}`, { principal, dataCenter: principal }),
        )
    },
  ],
  'envelope-octets': [
    'an envelope is stored byte for byte',
    'An envelope with one changed byte cannot be opened.',
    async ({ store }) => {
      for (const [id, envelope] of Object.entries({
        text: 'é e\u0301 \u212b "\\\' $1 ? % {{}} \\u0041 \\0',
        lines: 'one\r\ntwo\nthree\r\u2028\u2029\t end ',
        json: '{"a":null,"a":1e400}',
        digits: '007',
        marks: '\ufeff\u200b\ufffd\uffff😀',
      }))
        await expectStored(store, id, await put(store, id, { envelope }))
    },
  ],
  'envelope-64k': [
    'an envelope of 64 KiB is stored unchanged, with any characters',
    'The record of a connection can have many scopes and many attempts to connect.',
    async ({ store }) => {
      for (const [id, envelope] of Object.entries(big)) {
        await put(store, id, { envelope })
        expectTrue(
          (await readRecord(store, id))?.envelope === envelope,
          `64 KiB, ${id}, are stored unchanged`,
        )
      }
    },
  ],
  'envelope-empty': [
    'an empty envelope is stored as an empty envelope',
    'A store that tests whether the envelope is truthy would treat the record as missing.',
    async ({ store }) => expectStored(store, 'acme', await put(store, 'acme', { envelope: '' })),
  ],
  'given-changed-later': [
    'changing the given record after a write does not change the stored record',
    'The store must keep its own copy.',
    async ({ store }) => {
      const record: SealedRecord = createRecord()
      const given = { ...record }
      await store.write('acme', given, 'absent')
      mutate(given, mutated)
      await expectStored(store, 'acme', record)
      await expectListed(store, { principal: 'mutated', limit: 1 }, [])
    },
  ],
  'given-changed-meanwhile': [
    'changing the given record during a write does not change the stored record',
    'The store must copy the record before the first await.',
    async ({ store }) => {
      const record: SealedRecord = createRecord()
      const given = { ...record }
      const writing = store.write('acme', given, 'absent')
      mutate(given, mutated)
      await writing
      await expectStored(store, 'acme', record)
    },
  ],
  'read-changed-later': [
    'changing a read record affects neither the store nor other readers',
    'Callers must not affect each other.',
    async ({ store }) => {
      const record = await put(store, 'acme')
      const mine = await readRecord(store, 'acme')
      const yours = await readRecord(store, 'acme')
      mutate(mine, mutated)
      equal(yours, record, 'the record of another reader')
      await expectStored(store, 'acme', record)
    },
  ],
  'listed-changed-later': [
    'changing a listing does not change the next one',
    'Callers must not affect each other.',
    async ({ store }) => {
      await put(store, 'acme')
      const rows = (await store.list({ limit: 9 })) as object[]
      mutate(rows[0], { ...mutated, id: 'mutated' })
      Reflect.set(rows, 'length', 0)
      equal(
        await store.list({ limit: 9 }),
        [{ id: 'acme', status: 'active', pending: false }],
        'the next listing',
      )
    },
  ],
})
