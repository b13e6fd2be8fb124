import { expect, test } from 'vitest'
import { kill } from './kill.ts'
import { asText, runPart } from './part.ts'
import { storesHere } from './stores.ts'

for (const store of storesHere()) {
  test.concurrent(`${store}: SIGKILL at the worst steps of exchange, re-consent, revocation and refresh (at every step: pnpm prove:processes)`, async () => {
    const rows = await runPart(kill, { stores: [store], short: true })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  })
}
