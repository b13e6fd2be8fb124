import assert from 'node:assert/strict'
import type { SealedRecord } from '../../../src/ports/index.ts'
import { aRecord, put, stored, written, type StoreLaw } from './law.ts'

/** One writer wins, and the others know that they did not. */
export const compareAndSetLaws: readonly StoreLaw[] = [
  {
    title: "'absent' does not replace what stands there",
    async run(store) {
      const first = await put(store, 'acme')
      assert.equal(await written(store.write('acme', aRecord(), 'absent')), false)
      assert.deepEqual(await stored(store, 'acme'), first)
    },
  },
  {
    title: 'the right revision replaces the record whole',
    async run(store) {
      const first = await put(store, 'acme', { owner: 'user 1', dataCenter: 'eu', unfinished: true })
      const second = aRecord({ status: 'revoked' })
      assert.equal(await written(store.write('acme', second, first.revision)), true)
      assert.deepEqual(await stored(store, 'acme'), second)
    },
  },
  {
    title: 'a revision that has passed changes nothing',
    async run(store) {
      const first = await put(store, 'acme')
      const second = aRecord()
      await store.write('acme', second, first.revision)
      assert.equal(await written(store.write('acme', aRecord(), first.revision)), false)
      assert.equal(await written(store.write('acme', undefined, first.revision)), false)
      assert.deepEqual(await stored(store, 'acme'), second)
    },
  },
  {
    title: 'a revision matches nothing where nothing stands',
    async run(store) {
      assert.equal(await written(store.write('acme', aRecord(), 'revision')), false)
      assert.equal(await written(store.write('acme', undefined, 'revision')), false)
      assert.equal(await stored(store, 'acme'), undefined)
    },
  },
  {
    title: 'revisions compare octet by octet',
    async run(store) {
      await put(store, 'acme', { revision: 'AbC\u00e9' })
      for (const other of ['abc\u00e9', 'AbCe\u0301', 'AbC\u00e9 ', 'AbC', '']) assert.equal(await written(store.write('acme', aRecord(), other)), false)
    },
  },
  {
    title: "another record's revision opens nothing",
    async run(store) {
      const [one, two] = [await put(store, 'one'), await put(store, 'two')]
      assert.equal(await written(store.write('one', aRecord(), two.revision)), false)
      assert.deepEqual([await stored(store, 'one'), await stored(store, 'two')], [one, two])
    },
  },
  {
    title: 'the right revision removes the record, once',
    async run(store) {
      const { revision } = await put(store, 'acme')
      assert.equal(await written(store.write('acme', undefined, revision)), true)
      assert.equal(await written(store.write('acme', undefined, revision)), false)
      assert.equal(await stored(store, 'acme'), undefined)
      assert.deepEqual(await store.list({ limit: 10 }), [])
    },
  },
  {
    title: "removing what is 'absent' tells whether it was",
    async run(store) {
      assert.equal(await written(store.write('', undefined, 'absent')), true)
      const record = await put(store, '')
      assert.equal(await written(store.write('', undefined, 'absent')), false)
      assert.deepEqual(await stored(store, ''), record)
    },
  },
  {
    title: 'a record that is made again does not match its former revision',
    async run(store) {
      const former = await put(store, 'acme')
      await store.write('acme', undefined, former.revision)
      const again = await put(store, 'acme')
      assert.equal(await written(store.write('acme', aRecord(), former.revision)), false)
      assert.deepEqual(await stored(store, 'acme'), again)
    },
  },
  {
    title: 'a writer recognises its own write by its revision',
    async run(store) {
      const mine = await put(store, 'acme')
      assert.equal(await written(store.write('acme', mine, 'absent')), false)
      assert.equal((await stored(store, 'acme'))?.revision, mine.revision)
    },
  },
  {
    title: 'one of fifty first writers wins, and its record stands',
    async run(store) {
      const records = Array.from({ length: 50 }, () => aRecord())
      const answers = await Promise.all(records.map((record) => store.write('acme', record, 'absent')))
      const winners = records.filter((_, index) => answers[index]?.written)
      assert.equal(winners.length, 1)
      assert.deepEqual(await stored(store, 'acme'), winners[0])
    },
  },
  {
    title: 'one of a replacement and a removal wins',
    async run(store) {
      for (let round = 0; round < 20; round++) {
        const { revision } = await put(store, `acme ${round}`)
        const next = aRecord()
        const [replaced, removed] = await Promise.all([written(store.write(`acme ${round}`, next, revision)), written(store.write(`acme ${round}`, undefined, revision))])
        assert.notEqual(replaced, removed)
        assert.deepEqual(await stored(store, `acme ${round}`), replaced ? next : undefined)
      }
    },
  },
  {
    title: 'ten writers that count together lose no count',
    async run(store) {
      await put(store, 'counter', { envelope: '0' })
      const countOnce = async (tries = 50): Promise<void> => {
        const record = (await stored(store, 'counter')) as SealedRecord
        const next = aRecord({ envelope: String(Number(record.envelope) + 1) })
        if (await written(store.write('counter', next, record.revision))) return
        assert.ok(tries > 0, 'each round, one of the writers gets on')
        await countOnce(tries - 1)
      }
      const countFiveTimes = async () => { for (let times = 0; times < 5; times++) await countOnce() }
      await Promise.all(Array.from({ length: 10 }, countFiveTimes))
      assert.equal((await stored(store, 'counter'))?.envelope, '50')
    },
  },
]
