import { expect, test } from 'vitest'
import { asText, runPart } from './part.ts'
import { stop } from './stop.ts'
import { storesHere } from './stores.ts'

for (const store of storesHere()) {
  test.concurrent(`${store}: a holder that SIGSTOP kept for a lease and more (for three leases, at every step: pnpm prove:processes)`, async () => {
    const rows = await runPart(stop, { stores: [store], short: true })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  })
}
