import { storeCases, storeOver, type StoreHarness } from '@zrecruit/oauth-conformance'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { afterAll } from 'vitest'
import { startWorkerd } from './workerd/start.ts'

/**
 * The cases run in Node and call a store in a Worker by HTTP. Each case has its own class of
 * objects.
 */
export const durableObjects = (compatibilityDate: string): StoreHarness => {
  const ends: (() => unknown)[] = []
  afterAll(() => Promise.all(ends.map((end) => end())))
  let [workerd, started]: [ReturnType<typeof startWorkerd> | undefined, number] = [undefined, 0]
  return {
    name: `Durable Objects, workerd as of ${compatibilityDate}`,
    async start() {
      workerd ??= startWorkerd(
        { onTestFinished: (end) => void ends.push(end as () => unknown) },
        { compatibilityDate, stores: storeCases.length },
      )
      const { ask } = await workerd
      const number = started++
      return {
        store: storeOver((order) => ask.store(number, order)),
        // Simulates another caller: running requests are aborted, and the objects continue.
        async another() {
          let leave = () => {}
          const away = new Promise<never>((_, reject) => {
            leave = () => reject(new RecruitOAuthError('store-unavailable'))
          })
          away.catch(() => {})
          return {
            store: storeOver((order) => Promise.race([ask.store(number, order), away])),
            async moveClock() {},
            async kill() {
              leave()
            },
          }
        },
        stop: () => ask.stop(number),
      }
    },
  }
}
