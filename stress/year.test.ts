import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { year } from './year.ts'

test('a week, 50 connections, 8 processes: no exceeded budget, no avoidable error', async () => {
  const rows = await runExperiment(year, { stores: [], short: true })
  expect(rows.length).toBe(3)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
