import { Redis } from 'ioredis'
import { createClient, createClientPool } from 'redis'
import { describe, expect, it } from 'vitest'
import { redisStore, type RedisClient } from '../src/index.ts'
import { errorWith } from './matchers.ts'

describe('at construction', () => {
  it.each([
    ['node-redis', () => createClient(), 'disableOfflineQueue: true'],
    [
      'node-redis with an explicit option',
      () => createClient({ disableOfflineQueue: false }),
      'disableOfflineQueue: true',
    ],
    ['ioredis', () => new Redis({ lazyConnect: true }), 'enableOfflineQueue: false'],
    [
      'ioredis for a cluster',
      () => new Redis.Cluster([{ port: 1 }], { lazyConnect: true }),
      'enableOfflineQueue: false',
    ],
  ])('refuses %s that queues commands', (_, make, option) => {
    expect(() => redisStore(make())).toThrow(
      expect.objectContaining(errorWith('configuration-invalid', option)) as Error,
    )
  })

  it.each([
    ['undefined', undefined],
    ['an address', 'redis://127.0.0.1'],
    ['another object', {}],
    ['a pool', createClientPool()],
  ])('refuses %s', (_, client) => {
    expect(() => redisStore(client as unknown as RedisClient)).toThrow(
      expect.objectContaining(
        errorWith('configuration-invalid', 'is not a node-redis or ioredis client'),
      ) as Error,
    )
  })

  it('refuses an unknown option, and names the nearest one', () => {
    const client = createClient({ disableOfflineQueue: true })
    expect(() => redisStore(client, { keyPrefix: 'my-app' } as object)).toThrow(
      'The option `keyPrefix` is unknown. Did you mean `prefix`?',
    )
  })

  it.each(['', '{', 'a}', 'x'.repeat(201), 7])('refuses the prefix %j', (prefix) => {
    expect(() =>
      redisStore(createClient({ disableOfflineQueue: true }), { prefix: prefix as string }),
    ).toThrow(expect.objectContaining(errorWith('configuration-invalid', 'prefix')) as Error)
  })
})
