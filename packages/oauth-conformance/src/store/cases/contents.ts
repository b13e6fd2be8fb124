import type { SealedRecord } from '@zrecruit/oauth-core'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, lists, put, expectStored, stored } from './record.ts'

/** Changes an object as far as it lets itself be changed: a frozen one does not. */
const spoil = (object: object | undefined, facts: object): void => {
  for (const [name, value] of Object.entries(facts)) Reflect.set(object ?? {}, name, value)
}

const spoilt = {
  revision: 'spoilt',
  status: 'revoked',
  pending: true,
  principal: 'spoilt',
  dataCenter: 'spoilt',
  envelope: 'spoilt',
  more: 'spoilt',
}

/** 64 KiB of UTF-8 each. */
const big = {
  plain: 'x'.repeat(65_536),
  'four octets each': '😀'.repeat(16_384),
  'three octets each': `${'日'.repeat(21_845)}x`,
}

/** What is kept, and as what it comes back. */
export const contents = storeCasesOf({
  'nothing-there': [
    'nothing is read and listed where nothing was written',
    'people from being taken for connected',
    async ({ store }) => {
      equal(
        'record' in (await store.read('nobody')),
        false,
        'a member ‘record’ in what is read of nothing',
      )
      await lists(store, { limit: 1000 }, [])
    },
  ],
  'comes-back': [
    'what was written is read back, member by member, in each status',
    'every fact of a connection',
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
    'members that were not given are not there: neither null, nor empty, nor undefined',
    'an envelope, to which ‘no principal’ and ‘an empty principal’ are two things, from not opening',
    async ({ store }) => {
      const bare = await put(store, 'bare')
      equal(
        Object.keys((await stored(store, 'bare')) ?? {}).toSorted(),
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
    'principal and data center come back octet by octet, up to 255 characters',
    'customers whose names are not ASCII',
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
    'an envelope comes back octet by octet',
    'every connection: an envelope with one octet changed does not open',
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
    'an envelope of 64 KiB comes back as it was, whatever its characters',
    'connections with many scopes and attempts',
    async ({ store }) => {
      for (const [id, envelope] of Object.entries(big)) {
        await put(store, id, { envelope })
        holds(
          (await stored(store, id))?.envelope === envelope,
          `64 KiB, ${id}, come back as they were`,
        )
      }
    },
  ],
  'envelope-empty': [
    'an empty envelope is an envelope',
    'a record from being taken for none',
    async ({ store }) => expectStored(store, 'acme', await put(store, 'acme', { envelope: '' })),
  ],
  'given-changed-later': [
    'a record that its writer changes afterwards is not changed in the store',
    'connections from the app’s own objects',
    async ({ store }) => {
      const record: SealedRecord = createRecord()
      const given = { ...record }
      await store.write('acme', given, 'absent')
      spoil(given, spoilt)
      await expectStored(store, 'acme', record)
      await lists(store, { principal: 'spoilt', limit: 1 }, [])
    },
  ],
  'given-changed-meanwhile': [
    'a record that its writer changes while it is being written is stored as it was given',
    'connections from the app’s own objects',
    async ({ store }) => {
      const record: SealedRecord = createRecord()
      const given = { ...record }
      const writing = store.write('acme', given, 'absent')
      spoil(given, spoilt)
      await writing
      await expectStored(store, 'acme', record)
    },
  ],
  'read-changed-later': [
    'a record that its reader changes is not changed in the store, nor for another reader',
    'callers from one another',
    async ({ store }) => {
      const record = await put(store, 'acme')
      const [mine, yours] = [await stored(store, 'acme'), await stored(store, 'acme')]
      spoil(mine, spoilt)
      equal(yours, record, 'what another has read already')
      await expectStored(store, 'acme', record)
    },
  ],
  'listed-changed-later': [
    'a listing that its reader changes is not changed for the next',
    'callers from one another',
    async ({ store }) => {
      await put(store, 'acme')
      const rows = (await store.list({ limit: 9 })) as object[]
      spoil(rows[0], { ...spoilt, id: 'spoilt' })
      Reflect.set(rows, 'length', 0)
      equal(
        await store.list({ limit: 9 }),
        [{ id: 'acme', status: 'active', pending: false }],
        'the next listing',
      )
    },
  ],
})
