import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, put, replace, expectStored, stored, winnersOf, written } from './record.ts'
import { eventually } from './eventually.ts'

/**
 * The writer gave up waiting, or is gone: done or not, the store knows, and being told twice is no
 * harm.
 */
export const lostAcknowledgements = storeCasesOf({
  'lost-first-write': [
    'a first write that is told again, because nobody heard the answer, is done once',
    'a consent from being taken for somebody else’s',
    async ({ store }) => {
      const mine = createRecord()
      const unheard = written(store.write('acme', mine, 'absent'))
      const again = written(store.write('acme', mine, 'absent'))
      equal((await winnersOf([unheard, again])).length, 1, 'of two tellings, those that wrote')
      await expectStored(store, 'acme', mine)
      equal(await written(store.write('acme', mine, 'absent')), false, 'written a third time')
    },
  ],
  'lost-replacement': [
    'a replacement that is told again is done once, and its writer knows it by its revision',
    'tokens from a refresh that was stored and is taken for lost',
    async ({ store }) => {
      const former = await put(store, 'acme')
      const mine = await replace(store, 'acme', former)
      equal(await written(store.write('acme', mine, former.revision)), false, 'written again')
      equal(
        (await stored(store, 'acme'))?.revision,
        mine.revision,
        'the revision by which a writer knows its own',
      )
    },
  ],
  'lost-removal': [
    'a removal that is told again removes nothing that was made since',
    'a new consent from a removal that was meant for the former one',
    async ({ store }) => {
      const former = await put(store, 'acme')
      await store.write('acme', undefined, former.revision)
      const again = await put(store, 'acme')
      equal(await written(store.write('acme', undefined, former.revision)), false, 'removed again')
      await expectStored(store, 'acme', again)
    },
  ],
  'lost-and-overtaken': [
    'a write that nobody waits for undoes nothing that was written after it was overtaken',
    'a newer consent from a write that was on its way for long',
    async ({ store, another }) => {
      const other = (await another()).store
      for (let round = 0; round < 10; round++) {
        const id = `acme ${round}`
        const former = await put(store, id)
        const late = createRecord({ principal: 'late' })
        const unheard = written(other.write(id, late, former.revision)).catch(() => {})
        const newer = createRecord({ principal: 'newer' })
        for (
          let tries = 0;
          !(await written(store.write(id, newer, (await stored(store, id))?.revision ?? '')));
          tries++
        )
          holds(tries < 100, 'who reads again and writes again gets on')
        await expectStored(store, id, newer)
        await unheard
        await expectStored(store, id, newer)
      }
    },
  ],
  'lost-by-death': [
    'of a process that is killed after it sent, another learns from the revision whether it ' +
      'was done, and does it again without harm',
    'refresh tokens, which Zoho gives once',
    async ({ store, another }) => {
      const other = await another()
      const [former, mine] = [await put(store, 'acme'), createRecord()]
      const unheard = other.store.write('acme', mine, former.revision).then(
        ({ written: done }) => done,
        () => undefined,
      )
      await other.kill()
      const heard = await unheard
      const seen = (await stored(store, 'acme'))?.revision
      holds(
        seen === former.revision || seen === mine.revision,
        'the revision is the former or the written one',
      )
      if (heard !== undefined) equal(seen === mine.revision, heard, 'what was heard is so')
      const again = await written(store.write('acme', mine, former.revision))
      if (seen === mine.revision) equal(again, false, 'written again')
      // Where its command came through after all, it changes nothing either: it would write the
      // same.
      await eventually(() => expectStored(store, 'acme', mine))
      equal(
        await written(store.write('acme', mine, former.revision)),
        false,
        'written a third time',
      )
    },
  ],
})
