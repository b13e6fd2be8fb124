import { expect, test } from 'vitest'
import { clocks } from './clocks.ts'
import { faketimeIsMissing } from './clocks/host-clock.ts'
import { runExperiment } from './experiment.ts'

// SQLite uses the clock of each process, so here the store's clock differs and jumps too.
test.skipIf(faketimeIsMissing())(
  'wall clocks that differ and jump: no failed call, no more than two token calls',
  async () => {
    const rows = await runExperiment(clocks, { stores: ['sqlite'], short: true })
    expect(rows.length).toBe(3)
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  },
)
