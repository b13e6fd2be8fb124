import { expect, it, onTestFinished, vi } from 'vitest'
import { codeOf, connect, house, minute } from './house.ts'

/** Lets sockets speak while time stands still. */
const network = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
}

it('a refresh that hangs ends with its budget of six seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const home = await house()
  await connect(home)
  home.time.push(61 * minute)
  home.script.token = () => {}
  let code: string | undefined
  void codeOf(home.client().connection('acme').accessToken()).then((ended) => (code = ended))
  while (home.tokenCalls().length === 0) await network()
  await vi.advanceTimersByTimeAsync(5_900)
  await network()
  expect(code).toBe(undefined)
  await vi.advanceTimersByTimeAsync(200)
  // Sealing runs on other threads: how many turns it takes is the machine's affair.
  while (code === undefined) await network()
  expect([code, home.tokenCalls().length]).toEqual(['accounts-server-timed-out', 1])
})
