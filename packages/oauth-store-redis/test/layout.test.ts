import { createRecord } from '@zrecruit/testing/records'
import { expect, it, vi } from 'vitest'
import { listIds, put, readRecord } from './records.ts'
import { clusterStoresOn, control, storeBy, storesOn } from './clients.ts'
import { describeWithRedis, ownRedis, sharedRedis } from './servers.ts'
import { ioredis } from './settings.ts'

describeWithRedis('in Redis', () => {
  const server = sharedRedis()

  it('uses keys of one slot without a time to live, and removes them with the record', async () => {
    const { url } = await ownRedis()
    const [[store], redis] = [await storesOn(url, { prefix: 'app' }), await control(url)]
    const record = await put(store, 'acme', {
      principal: 'Jörg',
      pending: true,
      dataCenter: 'eu',
      envelope: 'sealed',
    })
    expect(((await redis('KEYS *')) as string[]).toSorted()).toEqual([
      '{app}:envelope:acme',
      '{app}:fields',
      '{app}:index',
    ])
    expect(await redis('ZRANGE {app}:index 0 -1')).toEqual([
      'all:acme',
      'pending:acme',
      'principal-pending:5:Jörg:acme',
      'principal:5:Jörg:acme',
    ])
    expect(await redis('HGET {app}:fields acme')).not.toContain('sealed')
    // Every read removes a time to live from the fields.
    await redis('EXPIRE {app}:fields 100')
    await store.read('acme')
    expect(await redis('TTL {app}:fields')).toBe(-1)
    expect((await store.write('acme', undefined, record.revision)).written).toBe(true)
    expect(await redis('KEYS *')).toEqual([])
  })

  it('distinguishes ids and principals that a naive key would confuse', async () => {
    const pairs = [
      ['a', 'b:c'],
      ['a:b', 'c'],
      ['', 'a:b:c'],
      ['1:a', 'b'],
      ['{', '}'],
      ['{x}', '{y}'],
      ['\0', '\n'],
      ['\n', '\0'],
      ['é', 'e\u0301'],
      ['e\u0301', 'é'],
      ['all', 'pending:'],
      [':', ';'],
      ['\u{10ffff}', '\uffff'],
    ] as const
    for (const store of await storesOn(server.url, { prefix: server.prefix() })) {
      for (const [principal, id] of pairs)
        await put(store, id, { principal, pending: true, envelope: `${principal}|${id}` })
      for (const [principal, id] of pairs) {
        expect(await readRecord(store, id)).toMatchObject({
          principal,
          envelope: `${principal}|${id}`,
        })
        expect(await listIds(store, { principal, limit: 9 })).toEqual([id])
        expect(await listIds(store, { principal, pending: true, limit: 9 })).toEqual([id])
        expect(await listIds(store, { principal, after: id, limit: 9 })).toEqual([])
      }
      const inOrder = pairs
        .map(([, id]) => id)
        .toSorted((one, two) => Buffer.compare(Buffer.from(one), Buffer.from(two)))
      expect(await listIds(store, { limit: 99 })).toEqual(inOrder)
      expect(
        await listIds(store, { pending: true, after: inOrder[3] as string, limit: 2 }),
      ).toEqual(inOrder.slice(4, 6))
      for (const id of inOrder)
        await store.write(id, undefined, (await readRecord(store, id))?.revision as string)
    }
  })

  it('lists by index, without reading other records or envelopes', async () => {
    const { url } = await ownRedis({ settings: { appendonly: 'no' } })
    const [[store], redis] = [await storesOn(url), await control(url)]
    for (let n = 0; n < 1_000; n += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, m) =>
          put(store, `c${n + m}`, { principal: `user ${m % 2}`, envelope: 'x'.repeat(10_000) }),
        ),
      )
    await store.list({ limit: 1 }) // Loads the script.
    // Reading other records would fail.
    const others = Array.from({ length: 500 }, (_, n) => `c${2 * n} broken`)
    await redis(`HSET {zrecruit}:fields ${others.join(' ')}`)
    await redis('CONFIG RESETSTAT')
    expect(await listIds(store, { principal: 'user 1', limit: 1000 })).toHaveLength(500)
    const used = [
      ...String(await redis('INFO commandstats')).matchAll(/cmdstat_(?!config)(\w+)/g),
    ].map(([, name]) => name)
    expect(used.toSorted()).toEqual(['evalsha', 'hmget', 'persist', 'zrange'])
  })

  it('loads the scripts again when the server has flushed them', async () => {
    const { url } = await ownRedis()
    const redis = await control(url)
    for (const store of await storesOn(url)) {
      const record = await put(store, 'acme')
      await redis('SCRIPT FLUSH')
      const next = createRecord()
      expect((await store.write('acme', next, record.revision)).written).toBe(true)
      await redis('SCRIPT FLUSH')
      expect(await readRecord(store, 'acme')).toEqual(next)
      await redis('SCRIPT FLUSH')
      expect(await listIds(store, { limit: 9 })).toEqual(['acme'])
      await store.write('acme', undefined, next.revision)
    }
  })

  it('rejects with the remedy `report` if some keys of a record are missing', async () => {
    const { url } = await ownRedis()
    const redis = await control(url)
    const inconsistency = {
      code: 'store-unavailable',
      remedy: 'report',
      message: expect.stringContaining('evicted or removed') as string,
    }
    for (const store of await storesOn(url)) {
      await redis('FLUSHALL')
      await put(store, 'acme')
      await redis('DEL {zrecruit}:envelope:acme')
      await expect(store.read('acme')).rejects.toMatchObject(inconsistency)
      await redis('DEL {zrecruit}:fields')
      await expect(store.list({ limit: 9 })).rejects.toMatchObject(inconsistency)
    }
  })

  it('takes the time from the server, not from `Date`', async () => {
    vi.useFakeTimers({ now: 0, toFake: ['Date'] })
    try {
      for (const store of await storesOn(server.url, { prefix: server.prefix() }))
        expect(
          Math.abs((await store.read('acme')).asOf - (performance.timeOrigin + performance.now())),
        ).toBeLessThan(60_000)
    } finally {
      vi.useRealTimers()
    }
  })

  it(
    'works in a cluster, with a client for one node and with one for clusters',
    { timeout: 30_000 },
    async () => {
      const { url } = await ownRedis({
        settings: { 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' },
      })
      const redis = await control(url)
      await expect((await storesOn(url))[0].read('acme')).rejects.toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining('(CLUSTERDOWN)') as string,
      })
      await redis('CLUSTER ADDSLOTSRANGE 0 16383')
      await expect
        .poll(() => redis('CLUSTER INFO'), { timeout: 30_000 })
        .toContain('cluster_state:ok')
      const names = ['', '{', '}', '{}', '{a}b', 'a:b', '\n', 'é', 'x'.repeat(4096)]
      for (const store of [...(await storesOn(url)), ...(await clusterStoresOn(url))]) {
        for (const id of names) await put(store, id, { principal: id, pending: true })
        for (const id of names)
          expect(await listIds(store, { principal: id, pending: true, limit: 9 })).toEqual([id])
        for (const { id } of await store.list({ limit: 1000 }))
          expect(
            (await store.write(id, undefined, (await readRecord(store, id))?.revision as string))
              .written,
          ).toBe(true)
      }
      expect(await redis('DBSIZE')).toBe(0)
      // Empty braces at the start make Redis ignore the braces of the library, so the keys are in
      // different slots.
      await expect(
        (await storeBy((target) => ioredis(target, { keyPrefix: '{}' }), url)).write(
          'acme',
          createRecord(),
          'absent',
        ),
      ).rejects.toMatchObject({
        code: 'configuration-invalid',
        message: expect.stringContaining('(CROSSSLOT)') as string,
      })
    },
  )
})
