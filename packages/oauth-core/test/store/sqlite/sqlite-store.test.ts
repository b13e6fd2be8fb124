import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it, vi } from 'vitest'
import type { ListQuery } from '../../../src/store/connection-store.ts'
import { listStatement } from '../../../src/store/sqlite/commands.ts'
import { openDatabase } from '../../../src/store/sqlite/database.ts'
import { openStore, temporaryFile } from './temporary.ts'

it('keeps its rows for the next store that opens the file', async () => {
  const path = temporaryFile()
  const record = createRecord({ principal: 'user 1', dataCenter: 'eu' })
  const first = openStore(path)
  await first.write('acme', record, 'absent')
  first.close()
  expect((await openStore(path).read('acme')).record).toEqual(record)
})

it('shares rows between two stores, and lets one of two writes win', async () => {
  const path = temporaryFile()
  const one = openStore(path)
  const two = openStore(path)
  const record = createRecord()
  await one.write('acme', record, 'absent')
  expect((await two.read('acme')).record).toEqual(record)
  const responses = await Promise.all(
    [one, two].map((store) => store.write('acme', createRecord(), record.revision)),
  )
  expect(responses.filter(({ written }) => written)).toHaveLength(1)
})

it('takes its time from the database, not from JavaScript', async () => {
  vi.useFakeTimers({ now: 0, toFake: ['Date'] })
  try {
    const { asOf } = await openStore().read('acme')
    expect(Math.abs(asOf - (performance.timeOrigin + performance.now()))).toBeLessThan(60_000)
  } finally {
    vi.useRealTimers()
  }
})

it('returns the time in ms, from reads and writes', async () => {
  const store = openStore()
  const readTime = async (ask: () => Promise<{ asOf: number }>) => {
    const before = performance.now()
    const { asOf } = await ask()
    return { before, asOf, after: performance.now() }
  }
  const first = await readTime(() => store.read('acme'))
  await sleep(100)
  const last = await readTime(() => store.write('acme', createRecord(), 'absent'))
  // Each time lies between two readings of our clock, even on a slow machine.
  expect(last.asOf - first.asOf).toBeGreaterThan(last.before - first.after - 5)
  expect(last.asOf - first.asOf).toBeLessThan(last.after - first.before + 5)
})

it('uses an index for every list query', async () => {
  const path = temporaryFile()
  await openStore(path).read('acme')
  const database = new DatabaseSync(path)
  const plan = (query: Omit<ListQuery, 'limit'>) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${listStatement({ ...query, limit: 10 })}`)
      .all()
      .map((row) => row['detail'])
      .join()
  const principal = 'user 1'
  const after = 'acme'
  const pending = true as const
  const byPrincipal = 'SEARCH zrecruit_connections USING INDEX zrecruit_connections_by_principal'
  expect(plan({ principal })).toBe(`${byPrincipal} (principal=?)`)
  expect(plan({ principal, pending, after })).toBe(`${byPrincipal} (principal=? AND id>?)`)
  expect(plan({ pending })).toMatch(
    /^SCAN zrecruit_connections USING INDEX zrecruit_connections_pending$/,
  )
  expect(plan({ pending, after })).toMatch(
    /^SEARCH zrecruit_connections USING INDEX zrecruit_connections_pending \(id>\?\)$/,
  )
  expect(plan({ after })).toMatch(/^SEARCH zrecruit_connections USING INDEX \w+ \(id>\?\)$/)
  expect(plan({})).toMatch(/^SCAN zrecruit_connections USING INDEX \w+$/)
  database.close()
})

it('rejects commands after close(), which works twice and before the first use', async () => {
  const store = openStore()
  await store.read('acme')
  store.close()
  store.close()
  for (const command of [
    store.read('acme'),
    store.write('acme', createRecord(), 'absent'),
    store.list({ limit: 1 }),
  ])
    await expect(command).rejects.toMatchObject({
      code: 'store-unavailable',
      remedy: 'report',
      message: expect.stringContaining('closed') as string,
    })
  const unused = openStore()
  unused.close()
  await expect(unused.read('acme')).rejects.toMatchObject({ code: 'store-unavailable' })
})

it('syncs each commit to the disk, and has no busy timeout in SQLite', () => {
  const database = openDatabase(temporaryFile(), false)
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  expect({
    synchronous: pragma('synchronous'),
    journal: pragma('journal_mode'),
    timeout: pragma('busy_timeout'),
  }).toEqual({ synchronous: 2, journal: 'wal', timeout: 0 })
  database.close()
})
