import { describeStore, runStoreCase, storeCases } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { redisHarness } from './harness.ts'
import { describeWithRedis, sharedRedis } from './servers.ts'
import { clients, settings } from './settings.ts'

describeWithRedis('on a Redis', () => {
  const server = sharedRedis()
  describeStore(redisHarness(server, 'ioredis'), { describe, it })

  // A client's settings change only how values are returned, so only these cases run for them.
  const valueCases = storeCases.filter(({ id }) =>
    /^(ids|facts|envelope|list-(facts|order|by)|comes-back|bare-record|errors)\b/.test(id),
  )
  it.each(Object.keys(settings).filter((setting) => !(setting in clients)))(
    'stores and returns values unchanged with %s',
    async (setting) => {
      for (const storeCase of valueCases)
        await runStoreCase(redisHarness(server, setting), storeCase)
    },
  )
})
