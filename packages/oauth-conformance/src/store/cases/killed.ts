import type { SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { isWhole, longRecord } from './long-record.ts'
import { createRecord, idsIn, put, stored, written } from './record.ts'
import { eventually } from './eventually.ts'

/** A process that dies. Where a store lives in one process alone, nobody dies. */
export const killed = storeCasesOf({
  'process-killed-writing': [
    'a process that is killed while it writes leaves each record as it was or written whole, ' +
      'and what it was told is written stands',
    'every connection, from deployments',
    async ({ store, another }) => {
      const ids = Array.from({ length: 20 }, (_, n) => `c${String(n).padStart(2, '0')}`)
      for (const id of ids) await put(store, id, longRecord('user 0'))
      for (const [round, acknowledgements] of [0, 5].entries()) {
        const former = await Promise.all(
          ids.map(async (id) => (await stored(store, id)) as SealedRecord),
        )
        const next = ids.map(() => longRecord(`user ${round + 1}`))
        const other = await another()
        const acknowledged = new Set<number>()
        await new Promise<void>((resolve) => {
          const heard = ids.map(async (id, n) => {
            if (await written(other.store.write(id, next[n], (former[n] as SealedRecord).revision)))
              acknowledged.add(n)
            if (acknowledged.size >= acknowledgements) resolve()
          })
          void Promise.allSettled(heard).then(() => resolve())
          if (acknowledgements === 0) setImmediate(resolve)
        })
        await other.kill()
        // What it had sent may be done a little later than it died.
        await eventually(async () => {
          const rows = new Map(
            (await store.list({ limit: 100 })).map((row) => [row.id, row.principal]),
          )
          for (const [n, id] of ids.entries()) {
            const record = await stored(store, id)
            holds(record && isWhole(record), 'each record is whole')
            holds(
              [former[n], next[n]].some((one) => one?.revision === record?.revision),
              'each record is as it was or written',
            )
            if (acknowledged.has(n))
              equal(
                record?.revision,
                next[n]?.revision,
                'the revision of what is written, as its writer was told',
              )
            equal(rows.get(id), record?.principal, 'the principal in the listing')
          }
        })
      }
    },
  ],
  'process-killed-frees': [
    'a process that is killed while it writes keeps nobody else from writing',
    'every other process, from locks that nobody holds any more',
    async ({ store, another }) => {
      const ids = Array.from({ length: 10 }, (_, n) => `c${n}`)
      const records = await Promise.all(ids.map((id) => put(store, id)))
      const other = await another()
      const left = ids.map((id, n) =>
        other.store
          .write(id, longRecord('user 1'), (records[n] as SealedRecord).revision)
          .catch(() => undefined),
      )
      await other.kill()
      for (const id of ids) {
        const began = performance.now()
        for (let done = false; !done;) {
          done = await written(
            store.write(
              id,
              createRecord({ principal: 'user 2' }),
              (await stored(store, id))?.revision ?? '',
            ),
          )
          holds(performance.now() - began < 3_000, 'others write within three seconds')
          await nextTurn()
        }
      }
      await Promise.all(left)
      equal(await idsIn(store, { principal: 'user 2', limit: 100 }), ids, 'what others wrote')
    },
  ],
})
