import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, lists, put, expectStored, stored, winnersOf, written } from './record.ts'

/** Many at once, in one process. */
export const concurrency = storeCasesOf({
  'first-of-fifty': [
    'one of fifty first writers wins, and its record stands',
    'a consent from being overwritten by one that began with it',
    async ({ store }) => {
      const records = Array.from({ length: 50 }, () => createRecord())
      const winners = await winnersOf(
        records.map((record) => written(store.write('acme', record, 'absent'))),
      )
      equal(winners.length, 1, 'first writers that wrote')
      await expectStored(store, 'acme', records[winners[0] as number])
    },
  ],
  'replaced-or-removed': [
    'one of a replacement and a removal wins',
    'a connection from being forgotten and alive at once',
    async ({ store }) => {
      for (let round = 0; round < 20; round++) {
        const id = `acme ${round}`
        const [former, next] = [await put(store, id), createRecord()]
        const commands = [
          () => written(store.write(id, next, former.revision)),
          () => written(store.write(id, undefined, former.revision)),
        ]
        const [first, second] = round % 2 === 0 ? commands : commands.toReversed()
        const answers = await Promise.all([first?.(), second?.()])
        holds(
          answers[0] !== answers[1],
          `one of a replacement and a removal was done, and not ${answers[0] ? 'both' : 'neither'}`,
        )
        await expectStored(store, id, answers[round % 2] ? next : undefined)
      }
    },
  ],
  'ten-count': [
    'ten writers that count together lose no count',
    'what one event noted from being lost to the next',
    async ({ store }) => {
      await put(store, 'counter', { envelope: '0' })
      const countOnce = async (tries = 50): Promise<void> => {
        const record = await stored(store, 'counter')
        const next = createRecord({ envelope: String(Number(record?.envelope) + 1) })
        if (await written(store.write('counter', next, record?.revision ?? ''))) return
        holds(tries > 0, 'each round, one of the writers gets on')
        await countOnce(tries - 1)
      }
      const countFiveTimes = async () => {
        for (let times = 0; times < 5; times++) await countOnce()
      }
      await Promise.all(Array.from({ length: 10 }, countFiveTimes))
      equal(
        (await stored(store, 'counter'))?.envelope,
        '50',
        'the count of ten writers who counted five each',
      )
    },
  ],
  'each-its-own-answer': [
    'a hundred commands at once each get their own answer',
    'one customer from reading another’s connection',
    async ({ store }) => {
      const ids = Array.from({ length: 50 }, (_, n) => `c${n}`)
      const records = await Promise.all(ids.map((id) => put(store, id, { principal: id })))
      await Promise.all(
        ids.flatMap((id, n) => [
          expectStored(store, id, records[n]),
          lists(store, { principal: id, limit: 2 }, [id]),
        ]),
      )
    },
  ],
})
