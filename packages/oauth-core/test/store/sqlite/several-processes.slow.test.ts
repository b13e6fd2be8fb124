import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startWorker } from './processes.ts'
import { openStore, temporaryDirectory, temporaryFile } from './temporary.ts'

it('lets two processes create the same file at once, twenty times', async () => {
  const directory = temporaryDirectory()
  const workers = await Promise.all([startWorker(), startWorker()])
  for (let round = 0; round < 20; round++) {
    const path = join(directory, `new ${round}`, 'zoho.db')
    await Promise.all(
      workers.map((worker, n) => worker.request('firstWrite', { path, id: `from ${n}` })),
    )
    const store = openStore(path)
    expect((await store.list({ limit: 9 })).map(({ id }) => id)).toEqual(['from 0', 'from 1'])
    store.close()
  }
})

it(
  'loses no count when two processes update one record 200 times each',
  { timeout: 60_000 },
  async () => {
    const path = temporaryFile()
    const workers = await Promise.all([startWorker(), startWorker()])
    await Promise.all(workers.map((worker) => worker.request('count', { path, times: 200 })))
    expect((await openStore(path).read('counter')).record?.envelope).toBe('400')
  },
)

it(
  'keeps the acknowledged writes of a killed process, and no partial write',
  { timeout: 60_000 },
  async () => {
    const path = temporaryFile()
    for (let round = 0; round < 5; round++) {
      const worker = await startWorker()
      const acknowledged: unknown[] = []
      worker.onEvent((count) => acknowledged.push(count))
      const counting = worker.request('countForever', { path })
      counting.catch(() => {})
      await expect.poll(() => acknowledged.length, { interval: 2 }).toBeGreaterThan(0)
      await sleep(20 + Math.random() * 60)
      worker.kill('SIGKILL')
      // Rejects after the last event has arrived.
      await expect(counting).rejects.toThrow('SIGKILL')

      const last = Number(acknowledged.at(-1))
      const store = openStore(path)
      const count = Number((await store.read('counter')).record?.envelope)
      // One more write may be stored: the process was killed before it could report that write.
      expect([last, last + 1]).toContain(count)
      await (await startWorker()).request('count', { path, times: 1 })
      expect((await store.read('counter')).record?.envelope).toBe(String(count + 1))
      const database = new DatabaseSync(path)
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      database.close()
      store.close()
    }
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3')
  },
)
