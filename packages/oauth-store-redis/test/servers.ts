import { randomUUID } from 'node:crypto'
import {
  redisIsMissing,
  startRedis,
  type RedisOptions,
  type Service,
} from '@zrecruit/testing/services'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest'

const missing = redisIsMissing()

/** Skips by name where no Redis is; where `CI` is set there has to be one. */
export const describeWithRedis = (title: string, tests: () => void): void => {
  describe.skipIf(missing)(
    `${title}${missing ? ' (skipped: redis-server was not found)' : ''}`,
    tests,
  )
}

/** A server that ends with its test. */
export const ownRedis = async (options?: RedisOptions): Promise<Service> => {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

/**
 * One server for the plain tests of a `describe`: that of `REDIS_URL`, or an own one, without a
 * disk. What is stored under its prefixes goes at the end.
 */
export const sharedRedis = (): { readonly url: string; prefix(): string } => {
  const run = `zrecruit-test-${randomUUID()}`
  let [url, prefixes] = ['', 0]
  let end = async () => {}
  beforeAll(async () => {
    if (process.env['REDIS_URL'] !== undefined) {
      url = process.env['REDIS_URL']
      end = () => removeKeys(url, `*{${run}*`)
      return
    }
    const server = await startRedis({ settings: { appendonly: 'no' } })
    url = server.url
    end = () => server.stop()
  })
  afterAll(() => end())
  return {
    get url() {
      return url
    },
    prefix: () => `${run}-${++prefixes}`,
  }
}

const removeKeys = async (url: string, pattern: string): Promise<void> => {
  const client = await createClient({ url }).connect()
  for await (const keys of client.scanIterator({ MATCH: pattern }))
    if (keys.length > 0) await client.del(keys)
  client.destroy()
}
