import { expect, test } from 'vitest'
import { kill } from './kill.ts'
import { asText, runExperiment, type Experiment } from './experiment.ts'
import { rounds } from './rounds.ts'
import { stop } from './stop.ts'
import { availableStores } from './stores.ts'

// The shorter run of `pnpm prove:processes`. It mostly waits for leases to end, so all experiments
// run at the same time.
const cases: readonly (readonly [string, Experiment])[] = [
  ['4 processes x 200 callers x 3 rounds on one expired token: one token call in each', rounds],
  [
    'SIGKILL at the critical steps of exchange, re-consent, revocation and refresh (the ' +
      'longer run: at every step)',
    kill,
  ],
  [
    'SIGSTOP of a lease holder for longer than the lease, at three steps (the longer run: for ' +
      'three leases, at every step)',
    stop,
  ],
]

for (const store of availableStores()) {
  for (const [title, experiment] of cases) {
    test.concurrent(`${store}: ${title}`, async () => {
      const rows = await runExperiment(experiment, { stores: [store], short: true })
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
    })
  }
}
