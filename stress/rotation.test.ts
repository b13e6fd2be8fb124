import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { rotation } from './rotation.ts'

test('encryption keys are rotated under traffic without a failed call', async () => {
  const rows = await runExperiment(rotation, { stores: ['postgres'], short: true })
  expect(rows.length).toBe(3)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
