import { chmodSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { startWorker } from './processes.ts'
import { openStore, temporaryFile } from './temporary.ts'

/**
 * Runs `act`, and returns how long it took and the longest time for which it blocked the event
 * loop, less the time for which the idle event loop of this machine is blocked.
 */
const measureAboveIdle = async <T>(act: () => Promise<T>) => {
  const idle = await measure(() => sleep(150))
  const busy = await measure(act)
  return { ...busy, blockedMs: busy.blockedMs - idle.blockedMs }
}

const measure = async <T>(
  act: () => Promise<T>,
): Promise<{ result: T; tookMs: number; blockedMs: number }> => {
  const startedAt = performance.now()
  let lastAt = startedAt
  let blockedMs = 0
  const sample = () => {
    blockedMs = Math.max(blockedMs, performance.now() - lastAt)
    lastAt = performance.now()
  }
  const timer = setInterval(sample, 2)
  try {
    const result = await act()
    sample()
    return { result, tookMs: performance.now() - startedAt, blockedMs }
  } finally {
    clearInterval(timer)
  }
}

const holdFile = async (path: string, forMs: number): Promise<void> => {
  await (await startWorker()).request('hold', { path, forMs })
}

// A busy machine may delay this process, so the test is tried again.
it('waits for a locked file without blocking the event loop', { retry: 2 }, async () => {
  const path = temporaryFile()
  const store = openStore(path)
  await store.read('acme')
  await holdFile(path, 600)
  const { result, tookMs, blockedMs } = await measureAboveIdle(() =>
    store.write('acme', createRecord(), 'absent'),
  )
  expect(result.written).toBe(true)
  expect(tookMs).toBeGreaterThan(300)
  expect(tookMs).toBeLessThan(3_000)
  expect(blockedMs).toBeLessThan(50)
})

it(
  'waits to open a locked file, without blocking the event loop for long',
  { retry: 2 },
  async () => {
    const path = temporaryFile()
    writeFileSync(path, '')
    chmodSync(path, 0o600)
    await holdFile(path, 600)
    const { result, tookMs, blockedMs } = await measureAboveIdle(() =>
      openStore(path).write('acme', createRecord(), 'absent'),
    )
    expect(result.written).toBe(true)
    expect(tookMs).toBeGreaterThan(300)
    // Opening makes several writes to the disk, one after the other.
    expect(blockedMs).toBeLessThan(150)
  },
)

it('gives up after a second, changes nothing, and still reads', { retry: 2 }, async () => {
  const path = temporaryFile()
  const store = openStore(path)
  await store.read('acme')
  await holdFile(path, 8_000)
  const { result, tookMs, blockedMs } = await measureAboveIdle(() =>
    store.write('acme', createRecord(), 'absent').catch((error: unknown) => error),
  )
  expect(result).toMatchObject({
    code: 'store-unavailable',
    remedy: 'retry',
    message: expect.stringContaining('(SQLITE_BUSY)') as string,
  })
  expect(result).not.toHaveProperty('cause')
  expect(tookMs).toBeGreaterThan(950)
  expect(tookMs).toBeLessThan(3_500)
  expect(blockedMs).toBeLessThan(50)
  expect(await store.read('acme')).not.toHaveProperty('record')
})

it('rejects a waiting command when the store is closed', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  await store.read('acme')
  await holdFile(path, 4_000)
  const waiting = store.write('acme', createRecord(), 'absent')
  setTimeout(() => store.close(), 50)
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('closed') as string,
  })
})
