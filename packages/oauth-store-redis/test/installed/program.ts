import { equal, match, throws } from 'node:assert/strict'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { redisStore } from '@zrecruit/oauth-store-redis'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { ready, redis, zoho } from './readme.js'

const errorCodeOf = (error: unknown): string =>
  isRecruitOAuthError(error) ? error.code : String(error)

const main = async (): Promise<void> => {
  // No Redis runs here, so neither client can connect.
  const error: unknown = await zoho
    .connection('acme')
    .accessToken()
    .catch((reason: unknown) => reason)
  equal(errorCodeOf(error), 'store-unavailable')
  match(String(error), /not connected/)
  ready.catch(() => undefined)
  redis.destroy()

  const client = new Redis({
    host: '127.0.0.1',
    port: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryStrategy: () => null,
  })
  client.on('error', () => undefined)
  await client.connect().catch(() => undefined)
  equal(await redisStore(client).read('acme').catch(errorCodeOf), 'store-unavailable')

  for (const queueing of [
    () => redisStore(createClient()),
    () => redisStore(new Redis({ lazyConnect: true })),
  ])
    throws(queueing, (reason) => errorCodeOf(reason) === 'configuration-invalid')
  console.log('it works')
}
void main()
