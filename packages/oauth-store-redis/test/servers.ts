import { randomUUID } from 'node:crypto'
import { redisIsMissing, startRedis, type RedisOptions, type Service } from '@zrecruit-tests/services'
import { createClient } from 'redis'
import { afterAll, describe, onTestFinished } from 'vitest'

const missing = redisIsMissing()

/** Skips by name where no Redis is; where `CI` is set there has to be one. */
export const describeWithRedis = (title: string, tests: () => void): void => {
  describe.skipIf(missing)(`${title}${missing ? ' (skipped: redis-server was not found)' : ''}`, tests)
}

/** A server that ends with its test. */
export const ownRedis = async (options?: RedisOptions): Promise<Service> => {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

/** One server for the plain tests of a file: that of `REDIS_URL`, or an own one, without a disk. What is stored under its prefixes goes at the end. */
export const sharedRedis = async (): Promise<{ readonly url: string; prefix(): string }> => {
  const given = process.env['REDIS_URL']
  const server = given === undefined ? await startRedis({ settings: { appendonly: 'no' } }) : undefined
  const url = given ?? (server?.url as string)
  const run = `zrecruit-test-${randomUUID()}`
  let prefixes = 0
  afterAll(async () => {
    if (server) return server.stop()
    const client = await createClient({ url }).connect()
    for await (const keys of client.scanIterator({ MATCH: `*{${run}*` })) if (keys.length > 0) await client.del(keys)
    client.destroy()
  })
  return { url, prefix: () => `${run}-${++prefixes}` }
}
