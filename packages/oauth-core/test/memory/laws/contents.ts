import assert from 'node:assert/strict'
import { aRecord, ids, names, put, stored, type StoreLaw } from './law.ts'

/** What is kept, under which name, and at what time. */
export const contentLaws: readonly StoreLaw[] = [
  {
    title: 'nothing is read where nothing was written, and the time is told all the same',
    async run(store) {
      const answer = await store.read('nobody')
      assert.equal('record' in answer, false)
      assert.ok(Number.isInteger(answer.asOf))
    },
  },
  {
    title: 'what was written is read back, member by member',
    async run(store) {
      for (const status of ['none', 'active', 'needs-consent', 'revoking', 'revoked'] as const) {
        const record = await put(store, status, { status, unfinished: status === 'revoking', owner: 'user 1', dataCenter: 'eu' })
        assert.deepEqual(await stored(store, status), record)
      }
    },
  },
  {
    title: 'members that were not given are not there; empty ones are',
    async run(store) {
      const bare = await put(store, 'bare')
      assert.deepEqual(Object.keys((await stored(store, 'bare')) ?? {}).sort(), Object.keys(bare).sort())
      assert.deepEqual(await store.list({ limit: 1 }), [{ id: 'bare', status: 'active', unfinished: false }])
      const empty = await put(store, 'empty', { owner: '', dataCenter: '' })
      assert.deepEqual(await stored(store, 'empty'), empty)
    },
  },
  {
    title: 'ids that look alike, in letter case, Unicode form, spaces or as numbers, are different records',
    async run(store) {
      for (const name of names) await put(store, name, { envelope: `of ${name}`, owner: name })
      for (const name of names) {
        assert.equal((await stored(store, name))?.envelope, `of ${name}`)
        assert.deepEqual(await ids(store, { owner: name, limit: 10 }), [name])
      }
      assert.deepEqual((await ids(store, { limit: 1000 })).sort(), [...names].sort())
    },
  },
  {
    title: 'an envelope of 64 KiB comes back as it was, and so does text that is not ASCII',
    async run(store) {
      for (const [id, envelope] of Object.entries({ ascii: 'x'.repeat(65_536), wide: '😀'.repeat(16_384), mixed: 'é\n"\\\u2028'.repeat(4096), none: '' })) {
        await put(store, id, { envelope })
        assert.equal((await stored(store, id))?.envelope, envelope)
      }
    },
  },
  {
    title: 'a record that is changed after it was given is not changed in the store',
    async run(store) {
      const given = { ...aRecord() }
      await store.write('acme', given, 'absent')
      given.envelope = 'another'
      assert.notEqual((await stored(store, 'acme'))?.envelope, 'another')
    },
  },
  {
    title: 'its clock goes forward, at the speed of time, in reads and writes alike',
    async run(store) {
      const beforeFirst = performance.now()
      const begin = (await store.read('acme')).asOf
      const afterFirst = performance.now()
      let before = begin
      let beforeLast = afterFirst
      for (let round = 0; beforeLast < beforeFirst + 100; round++) {
        for (const command of [() => store.read('acme'), () => store.write(`c${round}`, aRecord(), 'absent'), () => store.write('acme', undefined, 'revision')]) {
          beforeLast = performance.now()
          const { asOf } = await command()
          assert.ok(Number.isSafeInteger(asOf) && asOf >= before)
          before = asOf
        }
      }
      // The first was told between two of our moments, and so was the last: a slow machine widens the interval, not the error.
      const [least, most] = [beforeLast - afterFirst, performance.now() - beforeFirst]
      assert.ok(before - begin >= least - 5 && before - begin <= most + 5)
    },
  },
]
