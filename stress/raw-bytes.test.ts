import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { rawBytes } from './raw-bytes.ts'
import { storesHere } from './stores.ts'

test('no secret is on any disk after a whole life', async () => {
  const rows = await runExperiment(rawBytes, { stores: storesHere(), short: true })
  expect(rows.length).toBe(storesHere().length)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
