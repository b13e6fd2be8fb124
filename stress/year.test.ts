import { expect, test } from 'vitest'
import { runExperiment } from './experiment.ts'
import { year } from './year.ts'

test('a simulated week of 50 connections in 8 processes trips no budget and troubles no caller', async () => {
  const rows = await runExperiment(year, { stores: [], short: true })
  expect(rows.length).toBe(3)
  expect(rows.filter(({ ok }) => !ok)).toEqual([])
})
