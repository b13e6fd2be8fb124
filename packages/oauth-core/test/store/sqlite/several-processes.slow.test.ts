import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { startWorker, sendOrder } from './processes.ts'
import { openStore, temporaryDirectory, temporaryFile } from './temporary.ts'

it('lets two processes create the same file at once, twenty times', async () => {
  const directory = temporaryDirectory()
  const workers = await Promise.all([startWorker(), startWorker()])
  for (let round = 0; round < 20; round++) {
    const path = join(directory, `new ${round}`, 'zoho.db')
    const answers = await Promise.all(
      workers.map((worker, n) => sendOrder(worker, { do: 'first-write', path, id: `from ${n}` })),
    )
    expect(answers).toEqual(['done', 'done'])
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
    expect(
      await Promise.all(
        workers.map((worker) => sendOrder(worker, { do: 'count', path, times: 200 })),
      ),
    ).toEqual(['done', 'done'])
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
      let acknowledged = ''
      worker.stdout?.setEncoding('utf8').on('data', (text: string) => (acknowledged += text))
      worker.send({ do: 'count-forever', path })
      await once(worker.stdout as NodeJS.ReadableStream, 'data')
      await sleep(20 + Math.random() * 60)
      worker.kill('SIGKILL')
      await once(worker, 'close')

      const last = Number(acknowledged.trimEnd().split('\n').at(-1))
      const store = openStore(path)
      const count = Number((await store.read('counter')).record?.envelope)
      // Its last write may be stored as well: the process died before it could report it.
      expect([last, last + 1]).toContain(count)
      expect(
        await sendOrder(await startWorker(), { do: 'count', path, times: 1 }),
        'the file can still be used',
      ).toBe('done')
      expect((await store.read('counter')).record?.envelope).toBe(String(count + 1))
      const database = new DatabaseSync(path)
      expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      database.close()
      store.close()
    }
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3')
  },
)
