import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRecord } from '@zrecruit/testing/records'
import { createClient } from 'redis'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { expect, it } from 'vitest'
import { control, storesOn } from './clients.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import { errorWith, expectRefused, runAllCommands } from './matchers.ts'

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
})

/** The permissions in the README; the client itself uses HELLO. */
const rights =
  '+hello +evalsha +eval +time +persist +get +set +del +hget +hmget +hset +hdel +zadd +zrem +zrange'
