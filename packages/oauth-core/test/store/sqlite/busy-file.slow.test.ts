import { chmodSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { startWorker, tell } from './processes.ts'
import { openStore, temporaryFile } from './temporary.ts'

/**
 * Runs `act`, and tells how long it took and for how long at most the event loop stood still
 * meanwhile, beyond what it stands still on this machine while we do nothing.
 */
const watched = async <T>(act: () => Promise<T>) => {
  const idle = await timed(() => sleep(150))
  const busy = await timed(act)
  return { ...busy, stoodStillMs: busy.stoodStillMs - idle.stoodStillMs }
}

const timed = async <T>(
  act: () => Promise<T>,
): Promise<{ answer: T; tookMs: number; stoodStillMs: number }> => {
  const beganAt = performance.now()
  let [lastAt, stoodStillMs] = [beganAt, 0]
  const look = () => {
    stoodStillMs = Math.max(stoodStillMs, performance.now() - lastAt)
    lastAt = performance.now()
  }
  const timer = setInterval(look, 2)
  try {
    const answer = await act()
    look()
    return { answer, tookMs: performance.now() - beganAt, stoodStillMs }
  } finally {
    clearInterval(timer)
  }
}

const held = async (path: string, forMs: number): Promise<void> => {
  expect(await tell(await startWorker(), { do: 'hold', path, forMs })).toBe('held')
}

// The machine can be slow to give us its processor back, which is no fault of ours: a second try.
it(
  'waits for a file that is held half a second, and the event loop goes on',
  { retry: 2 },
  async () => {
    const path = temporaryFile()
    const store = openStore(path)
    await store.read('acme')
    await held(path, 600)
    const { answer, tookMs, stoodStillMs } = await watched(() =>
      store.write('acme', createRecord(), 'absent'),
    )
    expect(answer.written).toBe(true)
    expect(tookMs).toBeGreaterThan(300)
    expect(tookMs).toBeLessThan(900)
    expect(stoodStillMs).toBeLessThan(50)
  },
)

it('waits in the same way to open a file that another program holds', { retry: 2 }, async () => {
  const path = temporaryFile()
  writeFileSync(path, '')
  chmodSync(path, 0o600)
  await held(path, 600)
  const { answer, tookMs, stoodStillMs } = await watched(() =>
    openStore(path).write('acme', createRecord(), 'absent'),
  )
  expect(answer.written).toBe(true)
  expect(tookMs).toBeGreaterThan(300)
  // Opening is several writes to the disk, one after the other.
  expect(stoodStillMs).toBeLessThan(150)
})

it(
  'gives up after a second, changes nothing, and serves reads meanwhile',
  { retry: 2 },
  async () => {
    const path = temporaryFile()
    const store = openStore(path)
    await store.read('acme')
    await held(path, 4_000)
    const { answer, tookMs, stoodStillMs } = await watched(() =>
      store.write('acme', createRecord(), 'absent').catch((error: unknown) => error),
    )
    expect(answer).toMatchObject({
      code: 'store-unavailable',
      remedy: 'retry',
      message: expect.stringContaining('(SQLITE_BUSY)') as string,
    })
    expect(answer).not.toHaveProperty('cause')
    expect(tookMs).toBeGreaterThan(950)
    expect(tookMs).toBeLessThan(1_300)
    expect(stoodStillMs).toBeLessThan(50)
    expect(await store.read('acme')).not.toHaveProperty('record')
  },
)

it('rejects a command that waits when the store is closed', async () => {
  const path = temporaryFile()
  const store = openStore(path)
  await store.read('acme')
  await held(path, 4_000)
  const waiting = store.write('acme', createRecord(), 'absent')
  setTimeout(() => store.close(), 50)
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining('closed') as string,
  })
})
