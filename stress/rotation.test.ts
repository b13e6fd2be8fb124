import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { rotation } from './rotation.ts'

test('encryption keys are rolled under traffic, and nobody notices', async () => {
  const rows = await runExperiment(rotation, { stores: ['postgres'], short: true })
  expect(rows.length).toBe(3)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
