import {
  describeStore,
  runStoreCase,
  storeCases,
  storeInProcess,
  type StoreHarness,
} from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { redisStore } from '../src/index.ts'
import { clients, settings, type Connect } from './settings.ts'
import { describeWithRedis, sharedRedis } from './servers.ts'

describeWithRedis('on a Redis', () => {
  const server = sharedRedis()

  const redisBy = (setting: string): StoreHarness => ({
    name: `Redis by ${setting}`,
    async start() {
      const [{ client, close }, prefix] = [
        await (settings[setting] as Connect)(server.url),
        server.prefix(),
      ]
      return {
        store: redisStore(client, { prefix }),
        another: () =>
          storeInProcess(new URL('remote.ts', import.meta.url), {
            setting,
            url: server.url,
            prefix,
          }),
        async stop() {
          close()
        },
      }
    },
  })
  for (const setting of Object.keys(clients)) describeStore(redisBy(setting), { describe, it })

  // What an app has set is seen in what comes back, by the rest it is the same store.
  const comesBack = storeCases.filter(({ id }) =>
    /^(ids|facts|envelope|list-(facts|order|by)|comes-back|bare-record|errors)\b/.test(id),
  )
  it.each(Object.keys(settings).filter((setting) => !(setting in clients)))(
    'and by %s',
    async (setting) => {
      for (const one of comesBack) await runStoreCase(redisBy(setting), one)
    },
  )
})
