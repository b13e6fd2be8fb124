import { startChild, type Child } from '@zrecruit/testing/processes'
import { expect, it, onTestFinished } from 'vitest'
import { control, storesOn } from './clients.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import type { WorkerCommands } from './worker.ts'

/** Starts a worker. It is ready when it is connected to the server. */
const startWorker = async (
  url: string,
  index: number,
  times: number,
): Promise<Child<WorkerCommands>> => {
  const module = new URL('worker.ts', import.meta.url)
  const worker = await startChild<WorkerCommands>(module, { args: [url, `${index}`, `${times}`] })
  onTestFinished(() => void worker.kill('SIGKILL'))
  return worker
}

describeWithRedis('eight processes', () => {
  it(
    'count together, and lose no count when the server is killed three times',
    { timeout: 120_000 },
    async () => {
      const server = await ownRedis()
      const times = 30
      const reported = Array<number>(8).fill(0)
      // A client does not retry a first connection that fails. So all clients connect before the
      // first kill.
      const workers = await Promise.all(
        reported.map((_, index) => startWorker(server.url, index, times)),
      )
      const counting = Promise.all(
        workers.map((worker, index) => {
          worker.onEvent((count) => (reported[index] = count as number))
          return worker.request('countAll')
        }),
      )
      for (const part of [0.2, 0.5, 0.8]) {
        await expect
          .poll(() => reported.reduce((sum, count) => sum + count), {
            timeout: 60_000,
            interval: 2,
          })
          .toBeGreaterThan(part * 8 * times)
        await server.kill()
        const acknowledged = [...reported]
        await server.restart()
        const [store] = await storesOn(server.url)
        const { record } = await store.read('counter')
        const stored = JSON.parse(record?.envelope ?? '[]') as number[]
        expect(
          stored.map((count, index) => count >= (acknowledged[index] as number)),
          'every acknowledged count is stored',
        ).toEqual(reported.map(() => true))
        expect(await store.list({ limit: 9 }), 'the record is listed').toHaveLength(1)
      }
      await counting
      const [store] = await storesOn(server.url)
      expect(
        JSON.parse((await store.read('counter')).record?.envelope ?? '[]'),
        'no count is lost or applied twice',
      ).toEqual(reported.map(() => times))
      expect(await (await control(server.url))('ZCARD {zrecruit}:index')).toBe(2)
    },
  )
})
