import type { SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { isWhole, longRecord } from './long-record.ts'
import {
  createRecord,
  expectListed,
  put,
  remove,
  replace,
  expectStored,
  readRecord,
  winnerIndexes,
  wasWritten,
} from './record.ts'

/** Several processes of the app on one store, or several handles of a store in one process. */
export const fromSeveralProcesses = storeCasesOf({
  'process-sees': [
    'writes and removals of one process are visible to another immediately',
    'The next request of a user can reach another process.',
    async ({ store, another }) => {
      const other = (await another()).store
      const first = await put(store, 'acme', { principal: 'user 1' })
      await expectStored(other, 'acme', first)
      await expectListed(other, { principal: 'user 1', limit: 9 }, ['acme'])
      const second = await replace(other, 'acme', first, { principal: 'user 2' })
      await expectStored(store, 'acme', second)
      await expectListed(store, { principal: 'user 1', limit: 9 }, [])
      await remove(store, 'acme', second)
      await expectStored(other, 'acme', undefined)
      await expectListed(other, { limit: 9 }, [])
    },
  ],
  'process-first-writers': [
    'of concurrent first writes in several processes on a new store one succeeds',
    'All instances of an app start at the same time.',
    async ({ store, others }) => {
      const all = [...(await others(2)).map((other) => other.store), store]
      for (let round = 0; round < 5; round++) {
        const records = Array.from({ length: 30 }, () => createRecord())
        const winners = await winnerIndexes(
          records.map((record, n) =>
            wasWritten((all[n % 3] as typeof store).write(`acme ${round}`, record, 'absent')),
          ),
        )
        equal(winners.length, 1, 'successful first writes')
        await expectStored(store, `acme ${round}`, records[winners[0] as number])
      }
    },
  ],
  'process-counting': [
    'concurrent counters in several processes lose no increment',
    'A concurrent write must not lose an event.',
    async ({ store, others }) => {
      const all = [...(await others(2)).map((other) => other.store), store]
      await put(store, 'counter', { envelope: '0' })
      const count = async (own: typeof store): Promise<void> => {
        for (let counted = 0, tries = 0; counted < 15; tries++) {
          expectTrue(tries < 1_000, 'one writer succeeds in each round')
          const record = await readRecord(own, 'counter')
          await nextTurn()
          const next = createRecord({ envelope: String(Number(record?.envelope) + 1) })
          if (await wasWritten(own.write('counter', next, record?.revision ?? ''))) counted++
        }
      }
      await Promise.all(all.map(count))
      equal(
        (await readRecord(store, 'counter'))?.envelope,
        '45',
        'the count of three writers with fifteen increments each',
      )
    },
  ],
  'process-replaced-or-removed': [
    'of a replacement and a removal in two processes one succeeds',
    'A connection must not be forgotten and active at the same time.',
    async ({ store, another }) => {
      const other = (await another()).store
      for (let round = 0; round < 20; round++) {
        const id = `acme ${round}`
        const former = await put(store, id)
        const next = createRecord()
        const replacing = wasWritten(other.write(id, next, former.revision))
        if (round % 2 === 0) await nextTurn() // So that each can be first.
        const [replaced, removed] = await Promise.all([
          replacing,
          wasWritten(store.write(id, undefined, former.revision)),
        ])
        expectTrue(
          replaced !== removed,
          'exactly one of a replacement and a removal succeeds, and not ' +
            (replaced ? 'both' : 'neither'),
        )
        await expectStored(store, id, replaced ? next : undefined)
      }
    },
  ],
  'process-of-before': [
    'a process that read a record before it was recreated cannot write it',
    'A paused process must not change a new consent.',
    async ({ store, another }) => {
      const other = (await another()).store
      await put(store, 'acme')
      const outdated = (await readRecord(other, 'acme')) as SealedRecord
      await remove(store, 'acme', outdated)
      const again = await put(store, 'acme')
      equal(
        await wasWritten(other.write('acme', createRecord(), outdated.revision)),
        false,
        'replaced by the paused process',
      )
      equal(
        await wasWritten(other.write('acme', undefined, outdated.revision)),
        false,
        'removed by the paused process',
      )
      await expectStored(other, 'acme', again)
    },
  ],
  'process-reads-whole': [
    'a read during a replacement returns one of the two records as a whole',
    'A token must not be read with the data center of another record.',
    async ({ store, another }) => {
      const other = (await another()).store
      let last = longRecord('user 0')
      let isDone = false
      await other.write('acme', last, 'absent')
      const writing = (async () => {
        for (let round = 1; round <= 30; round++) {
          const next = longRecord(`user ${round}`)
          equal(
            await wasWritten(other.write('acme', next, last.revision)),
            true,
            'written with the current revision',
          )
          last = next
        }
      })().finally(() => (isDone = true))
      const reading = (async () => {
        while (!isDone) {
          const record = await readRecord(store, 'acme')
          expectTrue(record && isWhole(record), 'the read record is complete')
          // Without this, a store that answers immediately would delay the other process's answers.
          await nextTurn()
        }
      })()
      await Promise.all([writing, reading])
      await expectStored(store, 'acme', last)
    },
  ],
})
