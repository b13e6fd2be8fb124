import type { ConnectionStore, EpochMs } from '@zrecruit/oauth-core'
import { setTimeout as pause } from 'node:timers/promises'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, createRevision, put } from './record.ts'

/**
 * As far as core's lease lets two readings of one clock be apart. Room for a store that has its
 * time from somewhere else than the record, as from the `Date` of an answer; a database's own clock
 * needs none of it.
 */
const slackMs = 1_000

const dayMs = 86_400_000

/** What a clock says now, and between which two of our own moments it said so. */
const look = async (store: ConnectionStore) => {
  const before = performance.now()
  const { asOf } = await store.read('acme')
  return { asOf, before, after: performance.now() }
}

/** The store's clock: one, and its own. */
export const clock = storeCasesOf({
  'clock-always-told': [
    'every answer tells the store’s time, in whole milliseconds since 1970',
    'leases, budgets and expiries, all of which are judged by it',
    async ({ store }) => {
      const record = await put(store, 'acme')
      const told: Readonly<Record<string, EpochMs>> = {
        'a reading': (await store.read('acme')).asOf,
        'a reading of nothing': (await store.read('nobody')).asOf,
        'a first write': (await store.write('new', createRecord(), 'absent')).asOf,
        'a write that was refused': (await store.write('acme', createRecord(), 'absent')).asOf,
        'a replacement': (
          await store.write('acme', { ...record, revision: 'next' }, record.revision)
        ).asOf,
        'a replacement that was refused': (
          await store.write('acme', createRecord(), createRevision())
        ).asOf,
        'a removal': (await store.write('acme', undefined, 'next')).asOf,
        'a removal that was refused': (await store.write('acme', undefined, createRevision())).asOf,
        'a removal of nothing': (await store.write('acme', undefined, 'absent')).asOf,
      }
      const [from, to] = [Date.UTC(2020), Date.UTC(2120)]
      for (const [answer, asOf] of Object.entries(told))
        holds(
          Number.isSafeInteger(asOf) && asOf > from && asOf < to,
          `the time in ${answer} is in milliseconds since 1970, and it was ${asOf}`,
        )
    },
  ],
  'clock-forward': [
    'the time is never behind, from one answer to the next, of reads and writes alike',
    'a lease from being written in the past',
    async ({ store }) => {
      let before = 0
      for (let round = 0; round < 30; round++) {
        for (const command of [
          () => store.read('acme'),
          () => store.write('acme', createRecord(), round === 0 ? 'absent' : createRevision()),
          () => store.write('nobody', undefined, 'absent'),
        ]) {
          const { asOf } = await command()
          holds(asOf >= before, `the time does not go back, and it went from ${before} to ${asOf}`)
          before = asOf
        }
      }
    },
  ],
  'clock-speed': [
    'the time advances as time does',
    'leases from ending too early or never',
    async ({ store }) => {
      const first = await look(store)
      await pause(slackMs + 250)
      const last = await look(store)
      // Each was told between two of our moments: a slow machine widens the interval, not the
      // error.
      const [least, most, advanced] = [
        last.before - first.after - slackMs,
        last.after - first.before + slackMs,
        last.asOf - first.asOf,
      ]
      holds(
        advanced >= least && advanced <= most,
        `the time advances between ${Math.round(least)} ms and ${Math.round(most)} ms, and ` +
          `it advanced ${advanced} ms`,
      )
    },
  ],
  'clock-shared': [
    'two processes that ask in turn hear one clock',
    'a lease, which one process writes and another judges',
    async ({ store, another }) => {
      const other = await another()
      for (let round = 0; round < 10; round++) {
        const [first, second] = round % 2 === 0 ? [store, other.store] : [other.store, store]
        const [a, b] = [await look(first), await look(second)]
        const [least, most, apart] = [
          b.before - a.after - slackMs,
          b.after - a.before + slackMs,
          b.asOf - a.asOf,
        ]
        holds(
          apart >= least && apart <= most,
          `the second process hears between ${Math.round(least)} ms and ${Math.round(most)} ` +
            `ms more than the first, and it heard ${apart} ms more`,
        )
      }
    },
  ],
  'clock-not-the-hosts': [
    'a process whose own clock is a day off, ahead or behind, hears the same time',
    'all other processes from one machine whose clock is wrong',
    async ({ store, another }) => {
      const other = await another()
      for (const ahead of [dayMs, -dayMs]) {
        await other.moveClock(ahead)
        const [a, b] = [await look(store), await look(other.store)]
        equal(
          Math.abs(b.asOf - a.asOf) < dayMs / 2,
          true,
          'a process whose clock is a day off hears the store’s time',
        )
        const written = await other.store.write(`c${ahead}`, createRecord(), 'absent')
        equal(Math.abs(written.asOf - a.asOf) < dayMs / 2, true, 'and when it writes, too')
      }
    },
  ],
})
