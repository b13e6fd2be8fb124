import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { rawBytes } from './raw-bytes.ts'
import { availableStores } from './stores.ts'

test('no secret is on any disk after the whole life of a connection', async () => {
  const rows = await runExperiment(rawBytes, { stores: availableStores(), short: true })
  expect(rows.length).toBe(availableStores().length)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
