import { expect, test } from 'vitest'
import { asText, runPart } from './part.ts'
import { rounds } from './rounds.ts'
import { storesHere } from './stores.ts'

for (const store of storesHere()) {
  test(`${store}: 4 processes x 200 callers x 3 rounds on one expired token, one token call in each`, async () => {
    const rows = await runPart(rounds, { stores: [store], short: true })
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  })
}
