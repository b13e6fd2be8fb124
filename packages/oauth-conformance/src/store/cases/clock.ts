import type { ConnectionStore, EpochMs } from '@zrecruit/oauth-core'
import { setTimeout as pause } from 'node:timers/promises'
import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { createRecord, createRevision, put } from './record.ts'

/**
 * The leases of core tolerate this difference between two readings of the store's clock. A store
 * needs the tolerance if it reads the time from a source such as the `Date` header of a response.
 * A store with the clock of a database does not need it.
 */
const slackMs = 1_000

const dayMs = 86_400_000

/** Reads the store's clock, with the local times before and after. */
const readClock = async (store: ConnectionStore) => {
  const before = performance.now()
  const { asOf } = await store.read('acme')
  return { asOf, before, after: performance.now() }
}

/** There is one clock, and it belongs to the store. */
export const clock = storeCasesOf({
  'clock-always-told': [
    'every response has the store’s time in whole milliseconds since 1970',
    'Leases, budgets and expiry depend on it.',
    async ({ store }) => {
      const record = await put(store, 'acme')
      const times: Readonly<Record<string, EpochMs>> = {
        'a read': (await store.read('acme')).asOf,
        'a read of a missing record': (await store.read('nobody')).asOf,
        'a first write': (await store.write('new', createRecord(), 'absent')).asOf,
        'a refused write': (await store.write('acme', createRecord(), 'absent')).asOf,
        'a replacement': (
          await store.write('acme', { ...record, revision: 'next' }, record.revision)
        ).asOf,
        'a refused replacement': (await store.write('acme', createRecord(), createRevision())).asOf,
        'a removal': (await store.write('acme', undefined, 'next')).asOf,
        'a refused removal': (await store.write('acme', undefined, createRevision())).asOf,
        'a removal of a missing record': (await store.write('acme', undefined, 'absent')).asOf,
      }
      const from = Date.UTC(2020)
      const to = Date.UTC(2120)
      for (const [operation, asOf] of Object.entries(times))
        expectTrue(
          Number.isSafeInteger(asOf) && asOf > from && asOf < to,
          `the time in ${operation} must be in milliseconds since 1970, and it was ${asOf}`,
        )
    },
  ],
  'clock-forward': [
    'the time never goes back between responses, for reads and writes',
    'A lease must not be written in the past.',
    async ({ store }) => {
      let before = 0
      for (let round = 0; round < 30; round++) {
        for (const command of [
          () => store.read('acme'),
          () => store.write('acme', createRecord(), round === 0 ? 'absent' : createRevision()),
          () => store.write('nobody', undefined, 'absent'),
        ]) {
          const { asOf } = await command()
          expectTrue(
            asOf >= before,
            `the time must not go back, and it went from ${before} to ${asOf}`,
          )
          before = asOf
        }
      }
    },
  ],
  'clock-speed': [
    'the time advances at the speed of real time',
    'Leases must not end too early or never.',
    async ({ store }) => {
      const first = await readClock(store)
      await pause(slackMs + 250)
      const last = await readClock(store)
      // Each reading is between two local times, so a slow machine only widens the interval.
      const [least, most, advanced] = [
        last.before - first.after - slackMs,
        last.after - first.before + slackMs,
        last.asOf - first.asOf,
      ]
      expectTrue(
        advanced >= least && advanced <= most,
        `the time must advance by ${Math.round(least)} to ${Math.round(most)} ms, and it ` +
          `advanced by ${advanced} ms`,
      )
    },
  ],
  'clock-shared': [
    'two processes see the same clock',
    'One process writes a lease and another one checks it.',
    async ({ store, another }) => {
      const other = await another()
      for (let round = 0; round < 10; round++) {
        const [first, second] = round % 2 === 0 ? [store, other.store] : [other.store, store]
        const [a, b] = [await readClock(first), await readClock(second)]
        const [least, most, apart] = [
          b.before - a.after - slackMs,
          b.after - a.before + slackMs,
          b.asOf - a.asOf,
        ]
        expectTrue(
          apart >= least && apart <= most,
          `the second process must read ${Math.round(least)} to ${Math.round(most)} ms more ` +
            `than the first, and it read ${apart} ms more`,
        )
      }
    },
  ],
  'clock-not-the-hosts': [
    'a process whose own clock is a day off sees the same time',
    'One host with a wrong clock must not affect the others.',
    async ({ store, another }) => {
      const other = await another()
      for (const ahead of [dayMs, -dayMs]) {
        await other.moveClock(ahead)
        const [a, b] = [await readClock(store), await readClock(other.store)]
        equal(
          Math.abs(b.asOf - a.asOf) < dayMs / 2,
          true,
          'a process whose clock is a day off reads the store’s time',
        )
        const written = await other.store.write(`c${ahead}`, createRecord(), 'absent')
        equal(
          Math.abs(written.asOf - a.asOf) < dayMs / 2,
          true,
          'its writes have the store’s time too',
        )
      }
    },
  ],
})
