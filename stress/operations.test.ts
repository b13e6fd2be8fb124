import { test } from 'vitest'
import { operations } from './operations.ts'
import { asText, runExperiment } from './experiment.ts'
import { storesHere } from './stores.ts'

/**
 * The same plan in each run of the tests, so that a failure belongs to the change that it is seen
 * with. `pnpm prove:processes --part=operations` takes a new seed each time, and prints it.
 */
const seed = 1

// One minute for each store.
test.concurrent.for(storesHere())(
  '%s: random operations while processes, store and Zoho fail',
  { timeout: 400_000 },
  async (store, { expect }) => {
    const rows = await runExperiment(operations, { stores: [store], short: true, seed })
    expect(rows).toHaveLength(8)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  },
)
