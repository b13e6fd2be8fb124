import { expect, it, onTestFinished, vi } from 'vitest'
import { errorCodeOf, connect, startSetup, minute } from './setup.ts'

/** Lets sockets work while the fake time does not advance. */
const runSocketEvents = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

it('a refresh that hangs ends after its budget of six seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const setup = await startSetup()
  await connect(setup)
  setup.time.advance(61 * minute)
  setup.script.token = () => {}
  let code: string | undefined
  void errorCodeOf(setup.client().connection('acme').accessToken()).then((ended) => (code = ended))
  while (setup.tokenCalls().length === 0) await runSocketEvents()
  await vi.advanceTimersByTimeAsync(5_900)
  await runSocketEvents()
  expect(code).toBe(undefined)
  await vi.advanceTimersByTimeAsync(200)
  // Sealing runs on other threads, so the number of turns differs between machines.
  while (code === undefined) await runSocketEvents()
  expect([code, setup.tokenCalls().length]).toEqual(['accounts-server-timed-out', 1])
})
