import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import {
  createRecord,
  expectListed,
  put,
  expectStored,
  readRecord,
  winnerIndexes,
  wasWritten,
} from './record.ts'

/** Concurrent commands in one process. */
export const concurrency = storeCasesOf({
  'first-of-fifty': [
    'of fifty concurrent first writes one succeeds, and its record is stored',
    'Concurrent consents must not overwrite each other.',
    async ({ store }) => {
      const records = Array.from({ length: 50 }, () => createRecord())
      const winners = await winnerIndexes(
        records.map((record) => wasWritten(store.write('acme', record, 'absent'))),
      )
      equal(winners.length, 1, 'successful first writes')
      await expectStored(store, 'acme', records[winners[0] as number])
    },
  ],
  'replaced-or-removed': [
    'of a concurrent replacement and removal one succeeds',
    'A connection must not be forgotten and active at the same time.',
    async ({ store }) => {
      for (let round = 0; round < 20; round++) {
        const id = `acme ${round}`
        const former = await put(store, id)
        const next = createRecord()
        const commands = [
          () => wasWritten(store.write(id, next, former.revision)),
          () => wasWritten(store.write(id, undefined, former.revision)),
        ]
        // Every second round starts the removal first.
        const [first, second] = round % 2 === 0 ? commands : commands.toReversed()
        const responses = await Promise.all([first?.(), second?.()])
        const wasReplaced = responses[round % 2]
        expectTrue(
          responses[0] !== responses[1],
          'exactly one of a replacement and a removal succeeds, and not ' +
            (responses[0] ? 'both' : 'neither'),
        )
        await expectStored(store, id, wasReplaced ? next : undefined)
      }
    },
  ],
  'ten-count': [
    'ten concurrent counters lose no increment',
    'A concurrent write must not lose an event.',
    async ({ store }) => {
      await put(store, 'counter', { envelope: '0' })
      const countOnce = async (tries = 50): Promise<void> => {
        const record = await readRecord(store, 'counter')
        const next = createRecord({ envelope: String(Number(record?.envelope) + 1) })
        if (await wasWritten(store.write('counter', next, record?.revision ?? ''))) return
        expectTrue(tries > 0, 'one writer succeeds in each round')
        await countOnce(tries - 1)
      }
      const countFiveTimes = async () => {
        for (let times = 0; times < 5; times++) await countOnce()
      }
      await Promise.all(Array.from({ length: 10 }, countFiveTimes))
      equal(
        (await readRecord(store, 'counter'))?.envelope,
        '50',
        'the count of ten writers with five increments each',
      )
    },
  ],
  'each-its-own-answer': [
    'a hundred concurrent commands each get their own response',
    'One customer must not read another’s connection.',
    async ({ store }) => {
      const ids = Array.from({ length: 50 }, (_, n) => `c${n}`)
      const records = await Promise.all(ids.map((id) => put(store, id, { principal: id })))
      await Promise.all(
        ids.flatMap((id, n) => [
          expectStored(store, id, records[n]),
          expectListed(store, { principal: id, limit: 2 }, [id]),
        ]),
      )
    },
  ],
})
