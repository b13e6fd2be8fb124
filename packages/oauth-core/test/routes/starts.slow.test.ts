import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { faultyStore } from '../client/faulty-store.ts'
import { grant, startSetup } from '../client/setup.ts'
import { appOrigin, createBrowser, navigation } from './browser.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('S10: a hundred thousand starts store nothing and do not grow the memory', async () => {
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  setup.script.token = grant()
  const zoho = setup.client({ onEvent: () => {} })
  const start = async () => {
    const response = await zoho.handle(
      new Request(`${appOrigin}/zoho/connect`, { headers: navigation }),
    )
    if (response?.status !== 303) throw new Error(`connect answered ${response?.status}`)
    await response.body?.cancel()
  }
  // A hundred at a time, so that their hashing runs in parallel.
  const starts = async (hundreds: number) => {
    for (let index = 0; index < hundreds; index++)
      await Promise.all(Array.from({ length: 100 }, start))
  }
  await starts(20)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  await starts(980)
  collectGarbage()
  expect((process.memoryUsage().heapUsed - before) / 1_000_000).toBeLessThan(20)
  expect([store.counts.writes, await setup.store.list({ limit: 10 })]).toEqual([0, []])
  const browser = createBrowser(zoho)
  expect((await browser.sendCallback(await browser.startConsent())).status).toBe(303)
}, 240_000)
