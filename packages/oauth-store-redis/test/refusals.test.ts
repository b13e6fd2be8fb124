import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRecord } from '@zrecruit/testing/records'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { expect, it, onTestFinished } from 'vitest'
import { redisStore } from '../src/index.ts'
import { control, storesOn } from './clients.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import { errorWith } from './matchers.ts'

const runAllCommands = (store: ConnectionStore) => [
  store.write('acme', createRecord(), 'absent'),
  store.write('acme', createRecord(), 'another'),
  store.write('acme', undefined, 'absent'),
  store.read('acme'),
  store.list({ limit: 1 }),
]

const expectRefused = async (calls: Promise<unknown>[], error: ReturnType<typeof errorWith>) => {
  const responses = await Promise.allSettled(calls)
  expect(responses).toEqual(
    responses.map(() => ({ status: 'rejected', reason: expect.objectContaining(error) as Error })),
  )
}

describeWithRedis('a Redis that refuses commands', () => {
  it('without memory: writes fail, reads and removals work', async () => {
    const { url } = await ownRedis()
    const redis = await control(url)
    for (const store of await storesOn(url)) {
      const record = createRecord({ principal: 'user 1' })
      await store.write('acme', record, 'absent')
      await redis('CONFIG SET maxmemory 1')
      const writes = [
        store.write('acme', createRecord({ principal: 'user 2', pending: true }), record.revision),
        store.write('new', createRecord(), 'absent'),
      ]
      await expectRefused(writes, errorWith('store-unavailable', 'maxmemory', '(OOM)'))
      expect((await store.read('acme')).record).toEqual(record)
      expect(await store.list({ principal: 'user 1', limit: 9 })).toHaveLength(1)
      expect((await store.write('acme', undefined, record.revision)).written).toBe(true)
      await redis('CONFIG SET maxmemory 0')
      expect(await store.list({ limit: 9 })).toEqual([])
    }
  })

  it('with an `allkeys-` policy: all commands fail, unless the app allows eviction', async () => {
    const { url } = await ownRedis({
      settings: { maxmemory: '100mb', 'maxmemory-policy': 'allkeys-lru' },
    })
    const [stores, allowed, redis] = [
      await storesOn(url),
      await storesOn(url, { dangerouslyAllowEviction: true }),
      await control(url),
    ]
    await expectRefused(
      stores.flatMap(runAllCommands),
      errorWith('configuration-invalid', 'allkeys-lru', 'noeviction', 'dangerouslyAllowEviction'),
    )
    expect(await redis('DBSIZE')).toBe(0)
    for (const store of allowed) await store.read('acme')
    await redis('CONFIG SET maxmemory-policy volatile-lru')
    for (const store of stores) await store.read('acme')
  })

  it('as a replica: even reads fail, because they could be stale', async () => {
    const { url } = await ownRedis()
    const [stores, redis] = [await storesOn(url), await control(url)]
    for (const store of stores) await store.write('acme', createRecord(), 'absent')
    await redis('REPLICAOF 127.0.0.1 1')
    await expectRefused(
      stores.flatMap(runAllCommands),
      errorWith('configuration-invalid', 'replica', 'primary', '(READONLY)'),
    )
    await redis('REPLICAOF NO ONE')
    for (const store of stores) await store.read('acme')
  })

  it('without the required replicas: all commands fail', async () => {
    const stores = await storesOn(
      (await ownRedis({ settings: { 'min-replicas-to-write': '1' } })).url,
    )
    await expectRefused(
      stores.flatMap(runAllCommands),
      errorWith('store-unavailable', 'replicas', '(NOREPLICAS)'),
    )
  })

  it('with a full disk: writes fail, reads work', async () => {
    const { url, directory } = await ownRedis({ settings: { appendonly: 'no', save: '3600 1' } })
    const [stores, redis] = [await storesOn(url), await control(url)]
    const record = createRecord()
    await stores[0]?.write('acme', record, 'absent')
    mkdirSync(join(directory, 'dump.rdb')) // Redis cannot replace a directory with its file.
    await redis('BGSAVE')
    await expect.poll(() => redis('INFO persistence')).toContain('rdb_last_bgsave_status:err')
    for (const store of stores) {
      await expectRefused(
        [store.write('acme', createRecord(), record.revision)],
        errorWith('store-unavailable', 'disk', '(MISCONF)'),
      )
      expect((await store.read('acme')).record).toEqual(record)
      expect(await store.list({ limit: 9 })).toHaveLength(1)
    }
  })

  it('while another script runs: all commands fail', async () => {
    const { url } = await ownRedis({ settings: { 'lua-time-limit': '50' } })
    const [stores, redis, client] = [
      await storesOn(url),
      await control(url),
      await createClient({ url }).connect(),
    ]
    for (const store of stores) await store.read('acme')
    const endless = client.eval('while true do end').catch(() => undefined)
    await expect.poll(() => redis('PING').catch(String)).toContain('BUSY')
    await expectRefused(
      stores.flatMap(runAllCommands),
      errorWith('store-unavailable', 'script', '(BUSY)'),
    )
    await redis('SCRIPT KILL')
    await endless
    client.destroy()
    for (const store of stores) await store.read('acme')
  })

  it('with data of another kind under the keys of the store: reads and writes fail', async () => {
    const { url } = await ownRedis()
    await (
      await control(url)
    )('SET {app}:fields something')
    for (const store of await storesOn(url, { prefix: 'app' }))
      await expectRefused(
        [
          store.read('acme'),
          store.write('acme', createRecord(), 'absent'),
          store.write('acme', undefined, 'revision'),
        ],
        errorWith('configuration-invalid', 'prefix', '(WRONGTYPE)'),
      )
  })

  it('for a user who lacks a permission: the error refers to the README', async () => {
    const { url } = await ownRedis()
    const redis = await control(url)
    await redis(`ACL SETUSER app on >secret ~{zrecruit}:* ${rights}`)
    const asApp = url.replace('redis://', 'redis://app:secret@')
    const [stores, otherStores] = [
      await storesOn(asApp),
      await storesOn(asApp, { prefix: 'other' }),
    ]
    const useAll = async (store: ConnectionStore) => {
      await redis('FLUSHALL')
      await redis('SCRIPT FLUSH')
      const [first, second] = [createRecord({ principal: 'user 1', pending: true }), createRecord()]
      expect((await store.write('acme', first, 'absent')).written).toBe(true)
      expect((await store.read('acme')).record).toEqual(first)
      expect(await store.list({ principal: 'user 1', limit: 9 })).toHaveLength(1)
      expect((await store.write('acme', second, first.revision)).written).toBe(true)
      expect((await store.write('acme', undefined, second.revision)).written).toBe(true)
      return 'all done'
    }
    for (const store of stores) expect(await useAll(store)).toBe('all done')
    await expectRefused(
      otherStores.flatMap(runAllCommands),
      errorWith('configuration-invalid', 'README', '(NOPERM)'),
    )
    for (const right of rights.split(' ').slice(1)) {
      await redis(`ACL SETUSER app ${right.replace('+', '-')}`)
      await expectRefused(
        [useAll(stores[0])],
        errorWith('configuration-invalid', 'README', '(NOPERM)'),
      )
      await redis(`ACL SETUSER app ${right}`)
    }
  })

  // Neither client becomes ready, and both try to connect again and again.
  it.each([
    ['a wrong password', 'redis://:wrong@', '(WRONGPASS)'],
    ['no password', 'redis://', '(NOAUTH)'],
  ])('with %s: commands fail with the reason', async (_, start, word) => {
    const url = (await ownRedis({ settings: { requirepass: 'secret' } })).url.replace(
      'redis://:secret@',
      start,
    )
    const errors: unknown[] = []
    const [nodeRedisClient, ioredisClient] = [
      createClient({ url, disableOfflineQueue: true }),
      new Redis(url, { enableOfflineQueue: false }),
    ]
    for (const client of [nodeRedisClient, ioredisClient])
      client.on('error', (error) => errors.push(error))
    nodeRedisClient.connect().catch(() => undefined)
    onTestFinished(() => {
      nodeRedisClient.destroy()
      ioredisClient.disconnect()
    })
    for (const store of [redisStore(nodeRedisClient), redisStore(ioredisClient)]) {
      await expect
        .poll(() => store.read('acme').catch((error: unknown) => error))
        .toMatchObject(errorWith('configuration-invalid', 'password', word))
    }
    expect(errors.length).toBeGreaterThan(1)
  })

  it('with no password, although the client connects: commands fail with the reason', async () => {
    const url = (await ownRedis({ settings: { requirepass: 'secret' } })).url.replace(
      ':secret@',
      '',
    )
    const client = createClient({ url, RESP: 2, disableOfflineQueue: true })
    await client.connect()
    onTestFinished(() => client.destroy())
    await expect(redisStore(client).read('acme')).rejects.toMatchObject(
      errorWith('configuration-invalid', 'password', '(NOAUTH)'),
    )
  })
})

/** The permissions in the README; the client itself uses HELLO. */
const rights =
  '+hello +evalsha +eval +time +persist +get +set +del +hget +hmget +hset +hdel +zadd +zrem +zrange'
