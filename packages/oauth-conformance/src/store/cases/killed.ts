import type { SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { isWhole, longRecord } from './long-record.ts'
import { createRecord, listIds, put, readRecord, wasWritten } from './record.ts'
import { eventually } from './eventually.ts'

/** The cases kill a process. A store that exists in one process only is not affected. */
export const killed = storeCasesOf({
  'process-killed-writing': [
    'killing a process during writes leaves whole records and keeps acknowledged ones',
    'Deployments kill processes.',
    async ({ store, another }) => {
      const ids = Array.from({ length: 20 }, (_, n) => `c${String(n).padStart(2, '0')}`)
      for (const id of ids) await put(store, id, longRecord('user 0'))
      // The first round kills the process at once, and the second one after five acknowledgements.
      for (const [round, requiredAcknowledgements] of [0, 5].entries()) {
        const former = await Promise.all(
          ids.map(async (id) => (await readRecord(store, id)) as SealedRecord),
        )
        const next = ids.map(() => longRecord(`user ${round + 1}`))
        const other = await another()
        const acknowledged = new Set<number>()
        await new Promise<void>((resolve) => {
          const writes = ids.map(async (id, n) => {
            const { revision } = former[n] as SealedRecord
            if (await wasWritten(other.store.write(id, next[n], revision))) acknowledged.add(n)
            if (acknowledged.size >= requiredAcknowledgements) resolve()
          })
          void Promise.allSettled(writes).then(() => resolve())
          if (requiredAcknowledgements === 0) setImmediate(resolve)
        })
        await other.kill()
        // Commands that were sent before the kill may take effect shortly after it.
        await eventually(async () => {
          const rows = new Map(
            (await store.list({ limit: 100 })).map((row) => [row.id, row.principal]),
          )
          for (const [n, id] of ids.entries()) {
            const record = await readRecord(store, id)
            expectTrue(record && isWhole(record), 'each record is whole')
            expectTrue(
              [former[n], next[n]].some((candidate) => candidate?.revision === record?.revision),
              'each record is the former or the written one',
            )
            if (acknowledged.has(n))
              equal(record?.revision, next[n]?.revision, 'the revision of an acknowledged write')
            equal(rows.get(id), record?.principal, 'the principal in the listing')
          }
        })
      }
    },
  ],
  'process-killed-frees': [
    'killing a process during writes does not block other processes',
    'A dead process must not hold locks.',
    async ({ store, another }) => {
      const ids = Array.from({ length: 10 }, (_, n) => `c${n}`)
      const records = await Promise.all(ids.map((id) => put(store, id)))
      const other = await another()
      const interruptedWrites = ids.map((id, n) =>
        other.store
          .write(id, longRecord('user 1'), (records[n] as SealedRecord).revision)
          .catch(() => undefined),
      )
      await other.kill()
      for (const id of ids) {
        const began = performance.now()
        for (let done = false; !done;) {
          const revision = (await readRecord(store, id))?.revision ?? ''
          done = await wasWritten(store.write(id, createRecord({ principal: 'user 2' }), revision))
          expectTrue(
            performance.now() - began < 3_000,
            'other processes can write within three seconds',
          )
          await nextTurn()
        }
      }
      await Promise.all(interruptedWrites)
      equal(
        await listIds(store, { principal: 'user 2', limit: 100 }),
        ids,
        'the writes of other processes',
      )
    },
  ],
})
