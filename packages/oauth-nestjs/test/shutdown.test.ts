import { memoryStore } from '@zrecruit/oauth-core/memory'
import { expect, it, onTestFinished, vi } from 'vitest'
import { getZohoRecruitToken, ZohoRecruitModule, type ZohoRecruit } from '../src/index.ts'
import { CLIENT } from '../src/constants.ts'
import { optionsFor, startEmulator, startNest } from './start-nest.ts'

const minute = 60_000

/**
 * Starts an app whose token is due for a refresh. The next call gets the valid token, and the
 * refresh runs in the background.
 */
const startWithDueToken = async (more: object = {}) => {
  let advancedMs = 0
  const emulator = await startEmulator()
  const store = memoryStore({ now: () => performance.timeOrigin + performance.now() + advancedMs })
  const options = optionsFor(emulator, {
    store,
    encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
    monotonic: () => performance.now() + advancedMs,
    ...more,
  })
  const { app, consent } = await startNest({ imports: [ZohoRecruitModule.forRoot(options)] })
  await consent()
  const acme = app.get<ZohoRecruit>(getZohoRecruitToken()).connection('acme')
  await acme.accessToken()
  advancedMs = 57 * minute
  return { emulator, app, acme }
}

it('the app’s shutdown waits for a refresh that runs in the background', async () => {
  const { emulator, app, acme } = await startWithDueToken()
  emulator.addFault({ on: 'token', kind: 'latency', seconds: 0.5 })
  const before = (await acme.status()).accessToken?.expiresInMs ?? 0
  await acme.accessToken()
  await app.close()
  // Only a stored refresh extends the life of the token.
  expect([
    emulator.calls().token,
    ((await acme.status()).accessToken?.expiresInMs ?? 0) > before,
  ]).toEqual([2, true])
})

it('the shutdown does not wait for work that the app’s own `waitUntil` got', async () => {
  const appWork: Promise<unknown>[] = []
  const { emulator, app, acme } = await startWithDueToken({
    waitUntil: (work: Promise<unknown>) => void appWork.push(work),
  })
  emulator.addFault({ on: 'token', kind: 'latency', seconds: 5 })
  appWork.length = 0
  await acme.accessToken()
  expect(appWork.length).toBeGreaterThan(0)
  const work = Promise.all(appWork)
  expect(await Promise.race([app.close().then(() => 'closed'), work.then(() => 'worked')])).toBe(
    'closed',
  )
  await work
})

it('the shutdown waits for ten seconds at most', async () => {
  const { app } = await startNest({
    imports: [ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))],
  })
  // Core's work ends earlier; the limit is for unexpected cases.
  const { pending } = app.get<{ pending: Set<Promise<unknown>> }>(CLIENT, { strict: false })
  pending.add(new Promise(() => {}))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  let closed = false
  const closing = app.close().then(() => (closed = true))
  await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), { timeout: 30_000 })
  await vi.advanceTimersByTimeAsync(9_900)
  expect(closed).toBe(false)
  await vi.advanceTimersByTimeAsync(200)
  await closing
  pending.clear()
})
