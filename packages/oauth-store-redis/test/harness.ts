import { storeInProcess, type StoreHarness } from '@zrecruit/oauth-conformance'
import { redisStore } from '../src/index.ts'
import type { sharedRedis } from './servers.ts'
import { settings, type Connect } from './settings.ts'

/** The store on `server`, by the client with this setting. Each case has its own key prefix. */
export const redisHarness = (
  server: ReturnType<typeof sharedRedis>,
  setting: string,
): StoreHarness => ({
  name: `Redis by ${setting}`,
  async start() {
    const prefix = server.prefix()
    const { client, close } = await (settings[setting] as Connect)(server.url)
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
