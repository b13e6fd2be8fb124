import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import {
  createRecord,
  put,
  replace,
  expectStored,
  readRecord,
  winnerIndexes,
  wasWritten,
} from './record.ts'
import { eventually } from './eventually.ts'

/**
 * A writer does not learn whether its write succeeded. It can read the revision to find out, and it
 * can repeat the write without harm.
 */
export const lostAcknowledgements = storeCasesOf({
  'lost-first-write': [
    'a repeated first write takes effect once',
    'A process must not mistake its own stored consent for one of another process.',
    async ({ store }) => {
      const mine = createRecord()
      const first = wasWritten(store.write('acme', mine, 'absent'))
      const repeated = wasWritten(store.write('acme', mine, 'absent'))
      const successful = await winnerIndexes([first, repeated])
      equal(successful.length, 1, 'number of successful writes, of two that are the same')
      await expectStored(store, 'acme', mine)
      equal(
        await wasWritten(store.write('acme', mine, 'absent')),
        false,
        'did the third write succeed',
      )
    },
  ],
  'lost-replacement': [
    'a repeated replacement takes effect once, and the writer recognizes its revision',
    'The writer must not treat tokens as lost that are stored.',
    async ({ store }) => {
      const former = await put(store, 'acme')
      const mine = await replace(store, 'acme', former)
      equal(
        await wasWritten(store.write('acme', mine, former.revision)),
        false,
        'did the repetition succeed',
      )
      equal(
        (await readRecord(store, 'acme'))?.revision,
        mine.revision,
        'the revision by which a writer recognizes its own write',
      )
    },
  ],
  'lost-removal': [
    'a repeated removal does not remove a newer record',
    'A repeated removal must not end a new consent.',
    async ({ store }) => {
      const former = await put(store, 'acme')
      await store.write('acme', undefined, former.revision)
      const newer = await put(store, 'acme')
      equal(
        await wasWritten(store.write('acme', undefined, former.revision)),
        false,
        'did the repetition succeed',
      )
      await expectStored(store, 'acme', newer)
    },
  ],
  'lost-and-overtaken': [
    'a late write does not undo a newer one',
    'A delayed write must not undo a newer consent.',
    async ({ store, another }) => {
      const other = (await another()).store
      for (let round = 0; round < 10; round++) {
        const id = `acme ${round}`
        const former = await put(store, id)
        const late = createRecord({ principal: 'late' })
        const first = wasWritten(other.write(id, late, former.revision)).catch(() => {})
        const newer = createRecord({ principal: 'newer' })
        const writeNewer = async () => {
          const revision = (await readRecord(store, id))?.revision ?? ''
          return wasWritten(store.write(id, newer, revision))
        }
        for (let tries = 0; !(await writeNewer()); tries++)
          expectTrue(tries < 100, 'reading and writing again succeeds eventually')
        await expectStored(store, id, newer)
        await first
        await expectStored(store, id, newer)
      }
    },
  ],
  'lost-by-death': [
    'after a writer is killed, another process can detect and repeat its write',
    'Zoho returns a refresh token only once.',
    async ({ store, another }) => {
      const other = await another()
      const former = await put(store, 'acme')
      const mine = createRecord()
      const first = other.store.write('acme', mine, former.revision).then(
        ({ written: done }) => done,
        () => undefined,
      )
      await other.kill()
      const acknowledged = await first
      const revisionAfterKill = (await readRecord(store, 'acme'))?.revision
      expectTrue(
        revisionAfterKill === former.revision || revisionAfterKill === mine.revision,
        'the revision is the former or the written one',
      )
      if (acknowledged !== undefined)
        equal(
          revisionAfterKill === mine.revision,
          acknowledged,
          'the acknowledgement matches the store',
        )
      const repeated = await wasWritten(store.write('acme', mine, former.revision))
      if (revisionAfterKill === mine.revision) equal(repeated, false, 'did the repetition succeed')
      // The write of the killed process may arrive only now. Both writes store the same record.
      await eventually(() => expectStored(store, 'acme', mine))
      equal(
        await wasWritten(store.write('acme', mine, former.revision)),
        false,
        'did the third write succeed',
      )
    },
  ],
})
