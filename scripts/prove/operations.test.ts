import { test } from 'vitest'
import { operations } from './operations.ts'
import { asText, runPart } from './part.ts'
import { storesHere } from './stores.ts'

// One minute for each store. The seed is printed: `pnpm prove:processes --part=operations --seed=…`
// runs its plan again.
test.concurrent.for(storesHere())(
  '%s: random operations while processes, store and Zoho fail',
  { timeout: 400_000 },
  async (store, { expect }) => {
    const rows = await runPart(operations, { stores: [store], short: true })
    expect(rows).toHaveLength(8)
    expect(rows.filter(({ ok }) => !ok).map(asText)).toEqual([])
  },
)
