import type { SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { isWhole, longRecord } from './long-record.ts'
import {
  createRecord,
  lists,
  put,
  remove,
  replace,
  expectStored,
  stored,
  winnersOf,
  written,
} from './record.ts'

/**
 * Several processes of the app on one store; or several handles, where a store lives in one process
 * alone.
 */
export const fromSeveralProcesses = storeCasesOf({
  'process-sees': [
    'what one process wrote, replaced or removed, another reads and lists at once',
    'people whose next request reaches another process',
    async ({ store, another }) => {
      const other = (await another()).store
      const first = await put(store, 'acme', { principal: 'user 1' })
      await expectStored(other, 'acme', first)
      await lists(other, { principal: 'user 1', limit: 9 }, ['acme'])
      const second = await replace(other, 'acme', first, { principal: 'user 2' })
      await expectStored(store, 'acme', second)
      await lists(store, { principal: 'user 1', limit: 9 }, [])
      await remove(store, 'acme', second)
      await expectStored(other, 'acme', undefined)
      await lists(other, { limit: 9 }, [])
    },
  ],
  'process-first-writers': [
    'of first writers in several processes, on a store that nobody used before, one wins',
    'apps that start everywhere at once',
    async ({ store, others }) => {
      const all = [...(await others(2)).map((other) => other.store), store]
      for (let round = 0; round < 5; round++) {
        const records = Array.from({ length: 30 }, () => createRecord())
        const winners = await winnersOf(
          records.map((record, n) =>
            written((all[n % 3] as typeof store).write(`acme ${round}`, record, 'absent')),
          ),
        )
        equal(winners.length, 1, 'first writers that wrote')
        await expectStored(store, `acme ${round}`, records[winners[0] as number])
      }
    },
  ],
  'process-counting': [
    'writers in several processes that count together lose no count',
    'what one process noted from being lost to another',
    async ({ store, others }) => {
      const all = [...(await others(2)).map((other) => other.store), store]
      await put(store, 'counter', { envelope: '0' })
      const count = async (own: typeof store): Promise<void> => {
        for (let counted = 0, tries = 0; counted < 15; tries++) {
          holds(tries < 1_000, 'each round, one of the writers gets on')
          const record = await stored(own, 'counter')
          await nextTurn()
          if (
            await written(
              own.write(
                'counter',
                createRecord({ envelope: String(Number(record?.envelope) + 1) }),
                record?.revision ?? '',
              ),
            )
          )
            counted++
        }
      }
      await Promise.all(all.map(count))
      equal(
        (await stored(store, 'counter'))?.envelope,
        '45',
        'the count of three writers who counted fifteen each',
      )
    },
  ],
  'process-replaced-or-removed': [
    'of a replacement in one process and a removal in another, one wins',
    'a connection from being forgotten and alive at once',
    async ({ store, another }) => {
      const other = (await another()).store
      for (let round = 0; round < 20; round++) {
        const id = `acme ${round}`
        const [former, next] = [await put(store, id), createRecord()]
        const replacing = written(other.write(id, next, former.revision))
        if (round % 2 === 0) await nextTurn() // So that either comes first.
        const [replaced, removed] = await Promise.all([
          replacing,
          written(store.write(id, undefined, former.revision)),
        ])
        holds(
          replaced !== removed,
          `one of a replacement and a removal was done, and not ${replaced ? 'both' : 'neither'}`,
        )
        await expectStored(store, id, replaced ? next : undefined)
      }
    },
  ],
  'process-of-before': [
    'a process that read before a record was removed and made again writes nothing',
    'a new consent from a process that slept',
    async ({ store, another }) => {
      const other = (await another()).store
      await put(store, 'acme')
      const slept = (await stored(other, 'acme')) as SealedRecord
      await remove(store, 'acme', slept)
      const again = await put(store, 'acme')
      equal(
        await written(other.write('acme', createRecord(), slept.revision)),
        false,
        'replaced by who slept',
      )
      equal(
        await written(other.write('acme', undefined, slept.revision)),
        false,
        'removed by who slept',
      )
      await expectStored(other, 'acme', again)
    },
  ],
  'process-reads-whole': [
    'a record that is read while another process replaces it is the one or the other, whole',
    'a token from being read with another’s data center',
    async ({ store, another }) => {
      const other = (await another()).store
      let [last, over] = [longRecord('user 0'), false]
      await other.write('acme', last, 'absent')
      const writing = (async () => {
        for (let round = 1; round <= 30; round++) {
          const next = longRecord(`user ${round}`)
          equal(
            await written(other.write('acme', next, last.revision)),
            true,
            'written by the revision that stands',
          )
          last = next
        }
      })().finally(() => (over = true))
      const reading = (async () => {
        while (!over) {
          const record = await stored(store, 'acme')
          holds(record && isWhole(record), 'what is read is one record, whole')
          // A store that answers at once would keep the other process's answers waiting.
          await nextTurn()
        }
      })()
      await Promise.all([writing, reading])
      await expectStored(store, 'acme', last)
    },
  ],
})
