import { afterAll, beforeAll, describe, it } from 'vitest'
import { storeLaws } from '../../oauth-core/test/memory/store-laws.ts'
import { redisStore } from '../src/index.ts'
import { settings, type Connect, type Connected } from './clients.ts'
import { describeWithRedis, sharedRedis } from './servers.ts'

describeWithRedis('on a Redis', () => {
  let server: Awaited<ReturnType<typeof sharedRedis>>
  beforeAll(async () => void (server = await sharedRedis()))

  describe.each(Object.keys(settings))('by %s', (name) => {
    let connected: Connected
    beforeAll(async () => void (connected = await (settings[name] as Connect)(server.url)))
    afterAll(() => connected?.close())

    it.each(storeLaws)('$title', ({ run }) => run(redisStore(connected.client, { prefix: server.prefix() })))
  })
})
