import { describe, test } from 'vitest'
import { clocks } from './clocks.ts'
import { faketimeIsMissing } from './clocks/host-clock.ts'
import { runPart } from './part.ts'

// SQLite has the clock of each process, PostgreSQL one of its own: Redis meets the same as PostgreSQL.
describe.skipIf(faketimeIsMissing())('wall clocks that differ and jump', () => {
  test.concurrent.each(['sqlite', 'postgres'] as const)('%s', async (store, { expect }) => {
    const rows = await runPart(clocks, { stores: [store], short: true })
    expect(rows.length).toBeGreaterThan(2)
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  })
})
