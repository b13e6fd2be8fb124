import { expect, test } from 'vitest'
import { kill } from './kill.ts'
import { asText, runExperiment, type Experiment } from './experiment.ts'
import { rounds } from './rounds.ts'
import { stop } from './stop.ts'
import { storesHere } from './stores.ts'

// The shorter run of `pnpm prove:processes`. Most of its time is waiting, for a lease to end above
// all: so all of it waits at once.
const proofs: readonly (readonly [string, Experiment])[] = [
  ['4 processes x 200 callers x 3 rounds on one expired token: one token call in each', rounds],
  [
    'SIGKILL where most is at stake in exchange, re-consent, revocation and refresh (the ' +
      'longer run: at every step)',
    kill,
  ],
  [
    'SIGSTOP of a holder for a lease and more, at three steps (the longer run: for three ' +
      'leases, at every step)',
    stop,
  ],
]

for (const store of storesHere()) {
  for (const [what, part] of proofs) {
    test.concurrent(`${store}: ${what}`, async () => {
      const rows = await runExperiment(part, { stores: [store], short: true })
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
    })
  }
}
