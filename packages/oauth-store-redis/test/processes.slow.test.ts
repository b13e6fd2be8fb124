import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { control, storesOn } from './clients.ts'
import { describeWithRedis, ownRedis } from './servers.ts'

/** A worker that is connected to the server, and starts to count at its first message. */
const startWorker = async (url: string, place: number, times: number): Promise<ChildProcess> => {
  const path = fileURLToPath(new URL('worker.ts', import.meta.url))
  const worker = fork(path, [url, `${place}`, `${times}`], {
    execArgv: ['--conditions=@zrecruit/source'],
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  await once(worker, 'message')
  return worker
}

describeWithRedis('eight processes', () => {
  it(
    'count together, and lose no count when the server is killed three times',
    { timeout: 120_000 },
    async () => {
      const server = await ownRedis()
      const [times, told] = [30, Array<number>(8).fill(0)]
      // A client rejects its first connection for good while the server is away, so all of them
      // connect before the first kill.
      const workers = await Promise.all(
        told.map((_, place) => startWorker(server.url, place, times)),
      )
      const ended = Promise.all(workers.map((worker) => once(worker, 'exit')))
      for (const [place, worker] of workers.entries()) {
        worker.on('message', (count) => (told[place] = count as number))
        worker.send('count')
      }
      for (const part of [0.2, 0.5, 0.8]) {
        await expect
          .poll(() => told.reduce((sum, count) => sum + count), { timeout: 60_000, interval: 2 })
          .toBeGreaterThan(part * 8 * times)
        await server.kill()
        const acknowledged = [...told]
        await server.restart()
        const [store] = await storesOn(server.url)
        const { record } = await store.read('counter')
        const stored = JSON.parse(record?.envelope ?? '[]') as number[]
        expect(
          stored.map((count, place) => count >= (acknowledged[place] as number)),
          'what was acknowledged is there',
        ).toEqual(told.map(() => true))
        expect(await store.list({ limit: 9 }), 'and listed').toHaveLength(1)
      }
      expect(await ended).toEqual(workers.map(() => [0, null]))
      const [store] = await storesOn(server.url)
      expect(
        JSON.parse((await store.read('counter')).record?.envelope ?? '[]'),
        'nothing lost, nothing doubled',
      ).toEqual(told.map(() => times))
      expect(await (await control(server.url))('ZCARD {zrecruit}:index')).toBe(2)
    },
  )
})
