import { test } from 'vitest'
import { operations } from './operations.ts'
import { asText, runExperiment } from './experiment.ts'
import { availableStores } from './stores.ts'

/**
 * A fixed seed, so that every test run has the same plan and a failure comes from a code change.
 * `pnpm prove:processes --experiment=operations` uses a new seed each time and prints it.
 */
const seed = 1

// Each store takes one minute.
test.concurrent.for(availableStores())(
  '%s: random operations while processes, store and Zoho fail',
  { timeout: 400_000 },
  async (store, { expect }) => {
    const rows = await runExperiment(operations, { stores: [store], short: true, seed })
    expect(rows).toHaveLength(8)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  },
)
