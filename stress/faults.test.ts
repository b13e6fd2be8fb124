import { test } from 'vitest'
import { faults } from './faults.ts'
import { canMount } from './faults/full.ts'
import { runExperiment } from './experiment.ts'
import { availableStores } from './stores.ts'

test.concurrent.for(availableStores())(
  '%s: killed, hanging, late, full, and with rows that were changed from outside',
  async (store, { expect }) => {
    const rows = await runExperiment(faults, { stores: [store], short: true })
    expect(rows.length).toBeGreaterThan(4)
    expect(rows.some(({ what }) => what.startsWith('full'))).toBe(store === 'redis' || canMount())
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  },
)
