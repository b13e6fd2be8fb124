import { test } from 'vitest'
import { faults } from './faults.ts'
import { runPart } from './part.ts'
import { storesHere } from './stores.ts'

for (const store of storesHere()) {
  test.concurrent(`${store}: killed, hanging, late, full, and with rows that nobody of ours wrote`, async ({ expect: expectHere }) => {
    const rows = await runPart(faults, { stores: [store], short: true })
    expectHere(rows.length).toBeGreaterThan(4)
    expectHere(rows.filter(({ ok }) => !ok)).toEqual([])
  })
}
