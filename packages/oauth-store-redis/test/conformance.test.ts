import { describeStore } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { redisHarness } from './harness.ts'
import { describeWithRedis, sharedRedis } from './servers.ts'

describeWithRedis('on a Redis', () => {
  describeStore(redisHarness(sharedRedis(), 'node-redis'), { describe, it })
})
