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

/** A suite that is skipped if Redis is missing; its title then says so. With `CI` set, it runs. */
export const describeWithRedis = (title: string, tests: () => void): void => {
  describe.skipIf(missing)(
    `${title}${missing ? ' (skipped: redis-server was not found)' : ''}`,
    tests,
  )
}

/** Starts a server that is stopped when the test ends. */
export const ownRedis = async (options?: RedisOptions): Promise<Service> => {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

/**
 * One server for those tests of a `describe` that neither stop nor configure it: the server of
 * `REDIS_URL`, or a new one that does not write to disk. After the tests, the keys with its
 * prefixes are removed.
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
