import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { expect, it, onTestFinished } from 'vitest'
import { redisStore } from '../src/index.ts'
import { storesOn } from './clients.ts'
import { describeWithRedis, ownRedis } from './servers.ts'
import { ioredis, nodeRedis } from './settings.ts'

const timedOut = {
  status: 'rejected',
  reason: expect.objectContaining({
    code: 'store-unavailable',
    message: expect.stringContaining('did not respond in time') as string,
  }) as Error,
}

/**
 * The results of the work if it settles before a timer that starts after it. Both use the same
 * event loop, so a busy machine delays both.
 */
const settledWithin = (ms: number, work: readonly Promise<unknown>[]) =>
  Promise.race([Promise.allSettled(work), sleep(ms, `not settled within ${ms} ms`)])

describeWithRedis('a Redis that does not respond', () => {
  it('makes commands fail within a second, and is used again later', async () => {
    const server = await ownRedis()
    const stores = await storesOn(server.url, { prefix: 'app' })
    // Loads the script.
    for (const store of stores) await store.write('acme', undefined, 'absent')
    for (const store of stores) {
      server.freeze()
      const record = createRecord()
      const responses = await settledWithin(1_000, [
        store.read('acme'),
        store.list({ limit: 1 }),
        store.write('late', record, 'absent'),
      ])
      expect(responses).toEqual([timedOut, timedOut, timedOut])
      server.thaw()
      // The server runs the write late. Its writer recognises the record by its revision.
      await expect.poll(async () => (await store.read('late')).record).toEqual(record)
      expect((await store.write('late', undefined, record.revision)).written).toBe(true)
    }
  })

  it('gets a limited number of unanswered commands, and is used again later', async () => {
    const server = await ownRedis()
    const client = new Redis(server.url, { enableOfflineQueue: false, lazyConnect: true })
    await client.connect()
    onTestFinished(() => client.disconnect())
    const store = redisStore(client)
    await store.read('acme')

    server.freeze()
    const startedAt = performance.now()
    await Promise.allSettled(Array.from({ length: 70 }, () => store.read('acme')))
    expect(client.commandQueue.length, 'commands that start together are sent together').toBe(70)
    const responses = []
    while (performance.now() - startedAt < 2_500)
      responses.push(
        ...(await Promise.allSettled(Array.from({ length: 500 }, () => store.read('acme')))),
      )
    expect(responses).toEqual(responses.map(() => timedOut))
    expect(client.commandQueue.length).toBeGreaterThan(70)
    expect(client.commandQueue.length, 'then one at a time').toBeLessThan(74)
    server.thaw()
    await expect.poll(() => store.read('acme').catch(() => undefined)).toBeDefined()
    expect(await Promise.allSettled(Array.from({ length: 100 }, () => store.read('acme')))).toEqual(
      Array.from(
        { length: 100 },
        () => expect.objectContaining({ status: 'fulfilled' }) as unknown,
      ),
    )
  })

  it('loses its connection with the client options of the README, and gets a new one', async () => {
    const server = await ownRedis()
    const nodeRedisClient = await nodeRedis(server.url, {
      pingInterval: 100,
      socket: { socketTimeout: 300, reconnectStrategy: (tries) => Math.min(tries * 100, 2_000) },
    })
    const ioredisClient = await ioredis(server.url, { socketTimeout: 300 })
    onTestFinished(() => {
      nodeRedisClient.close()
      ioredisClient.close()
    })
    const stores = [redisStore(nodeRedisClient.client), redisStore(ioredisClient.client)]
    const outcome = (store: ConnectionStore) =>
      store.read('acme').then(
        () => 'answered',
        (error: Error) => error.message,
      )
    server.freeze()
    for (const store of stores)
      await expect.poll(() => outcome(store), { timeout: 30_000 }).toContain('not connected')
    server.thaw()
    for (const store of stores)
      await expect.poll(() => outcome(store), { timeout: 30_000 }).toBe('answered')
  })

  it('makes commands fail at once while it is down, and is used again later', async () => {
    const server = await ownRedis()
    const stores = await storesOn(server.url)
    const record = createRecord()
    await stores[0].write('acme', record, 'absent')
    await server.kill()
    for (const store of stores) {
      await expect
        .poll(() => store.read('acme').catch((error: unknown) => error))
        .toMatchObject({
          code: 'store-unavailable',
          message: expect.stringContaining('not connected') as string,
        })
      const refused = await settledWithin(
        300,
        Array.from({ length: 100 }, () => store.write('new', createRecord(), 'absent')),
      )
      expect(refused).toHaveLength(100)
    }
    await server.restart()
    for (const store of stores)
      await expect
        .poll(() => store.read('acme').catch(() => undefined), { timeout: 30_000 })
        .toMatchObject({ record })
    expect(await stores[0].list({ limit: 9 }), 'no refused command was sent later').toHaveLength(1)
  })

  it('makes commands fail while the client has not connected yet', async () => {
    for (const client of [
      createClient({ disableOfflineQueue: true }),
      new Redis({ enableOfflineQueue: false, lazyConnect: true }),
    ])
      await expect(redisStore(client).read('acme')).rejects.toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining('not connected') as string,
      })
  })
})
