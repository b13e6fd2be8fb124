import { Redis } from 'ioredis-5'
import { createClient, createCluster } from 'redis-5'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it, onTestFinished } from 'vitest'
import { redisStore, type RedisClient } from '../src/index.ts'
import { control } from './clients.ts'
import { describeWithRedis, ownRedis, sharedRedis } from './servers.ts'

/** Writes, lists, reads and removes a record. */
const expectStoreWorks = async (client: RedisClient, prefix: string): Promise<void> => {
  const store = redisStore(client, { prefix })
  const record = createRecord({ principal: 'user 1' })
  expect((await store.write('acme', record, 'absent')).written).toBe(true)
  expect((await store.list({ principal: 'user 1', limit: 9 })).map(({ id }) => id)).toEqual([
    'acme',
  ])
  expect((await store.read('acme')).record).toEqual(record)
  expect((await store.write('acme', undefined, record.revision)).written).toBe(true)
}

// The lowest versions in `peerDependencies`.
describeWithRedis('the oldest supported clients', () => {
  const server = sharedRedis()

  it('ioredis 5.4.0', async () => {
    const client = new Redis(server.url, { enableOfflineQueue: false, lazyConnect: true })
    onTestFinished(() => client.disconnect())
    await client.connect()
    await expectStoreWorks(client, server.prefix())
  })

  it('node-redis 5.1.0', async () => {
    const client = createClient({ url: server.url, disableOfflineQueue: true })
    onTestFinished(() => client.destroy())
    await client.on('error', () => undefined).connect()
    await expectStoreWorks(client, server.prefix())
  })

  it('the cluster client of node-redis 5.1.0, which has no `isReady`', async () => {
    const { url } = await ownRedis({
      settings: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' },
    })
    const redis = await control(url)
    await redis('CLUSTER ADDSLOTSRANGE 0 16383')
    await expect
      .poll(() => redis('CLUSTER INFO'), { timeout: 30_000 })
      .toContain('cluster_state:ok')
    const client = createCluster({ rootNodes: [{ url }], defaults: { disableOfflineQueue: true } })
    onTestFinished(() => client.destroy())
    const store = redisStore(client.on('error', () => undefined) as RedisClient)
    await expect(store.read('acme')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('is not connected') as string,
    })
    await client.connect()
    await expectStoreWorks(client, 'app')
  }, 60_000)
})
