import { setImmediate as yieldToEventLoop, setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createRetryQueue } from '../../../src/store/sqlite/retry-queue.ts'

const busy = Object.assign(new Error('database is locked'), { errcode: 5 })

it('runs waiting commands in order, with a turn of the event loop after each', async () => {
  const runWithRetries = createRetryQueue()
  const served: number[] = []
  const turnsAt: number[] = []
  let free = false
  let turns = 0
  let done = false
  const all = Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      runWithRetries(() => {
        if (!free) throw busy
        served.push(n)
        turnsAt.push(turns)
      }),
    ),
  ).finally(() => (done = true))
  await sleep(20)
  free = true
  for (; !done; turns++) await yieldToEventLoop()
  await all
  expect(served).toEqual(Array.from({ length: 50 }, (_, n) => n))
  expect(new Set(turnsAt).size).toBe(50)
})

it('makes no more attempts for a thousand waiting commands than for one', async () => {
  const runWithRetries = createRetryQueue()
  let attempts = 0
  let free = false
  const all = Array.from({ length: 1_000 }, () =>
    runWithRetries(() => {
      attempts++
      if (!free) throw busy
    }),
  )
  await sleep(100)
  expect(attempts).toBeLessThan(1_000 + 100)
  free = true
  await Promise.all(all)
})

it('rejects with any other error at once, and runs the next command', async () => {
  const runWithRetries = createRetryQueue()
  const other = new Error('another')
  let free = false
  const failing = runWithRetries(() => {
    throw free ? other : busy
  })
  const behind = runWithRetries(() => {
    if (!free) throw busy
    return 'served'
  })
  free = true
  await expect(failing).rejects.toBe(other)
  expect(await behind).toBe('served')
  await expect(
    runWithRetries(() => {
      throw other
    }),
  ).rejects.toBe(other)
})

it.each([5, 6, 15, 261, 517])('tries again after result code %i', async (errcode) => {
  let attempts = 0
  await createRetryQueue()(() => {
    if (++attempts < 3) throw Object.assign(new Error(), { errcode })
  })
  expect(attempts).toBe(3)
})
