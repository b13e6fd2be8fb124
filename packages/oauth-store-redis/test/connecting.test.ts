import { createServer, type AddressInfo } from 'node:net'
import { createRecord } from '@zrecruit/testing/records'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { expect, it, onTestFinished } from 'vitest'
import { redisStore } from '../src/index.ts'
import { errorWith, expectRefused, runAllCommands } from './matchers.ts'
import { describeWithRedis, ownRedis } from './servers.ts'

describeWithRedis('a Redis', () => {
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

  it('that does not exist: commands name the code, and were not sent', async () => {
    const url = 'redis://127.0.0.1:9'
    const [nodeRedisClient, ioredisClient] = [
      createClient({ url, disableOfflineQueue: true }),
      new Redis(url, { enableOfflineQueue: false }),
    ]
    for (const client of [nodeRedisClient, ioredisClient]) client.on('error', () => undefined)
    const stores = [redisStore(nodeRedisClient), redisStore(ioredisClient)]
    nodeRedisClient.connect().catch(() => undefined)
    onTestFinished(() => {
      nodeRedisClient.destroy()
      ioredisClient.disconnect()
    })
    for (const store of stores)
      await expect
        .poll(() => store.write('acme', createRecord(), 'absent').catch((error: unknown) => error))
        .toMatchObject({
          code: 'store-unavailable',
          summary: 'The Redis client is not connected (ECONNREFUSED).',
          written: 'no',
        })
  })

  it('without TLS: commands of a client with TLS name the code', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('-ERR no TLS\r\n'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const client = createClient({ url: `rediss://127.0.0.1:${port}`, disableOfflineQueue: true })
    client.on('error', () => undefined)
    const store = redisStore(client)
    client.connect().catch(() => undefined)
    onTestFinished(() => client.destroy())
    await expect
      .poll(() => store.read('acme').catch((error: unknown) => error))
      .toMatchObject({
        code: 'store-unavailable',
        summary: expect.stringMatching(
          /^The Redis client is not connected \((ERR_SSL_\w+|EPROTO|ECONNRESET)\)\.$/,
        ) as string,
        written: 'no',
      })
  })

  it('and a client that is subscribed to channels: commands fail with the reason', async () => {
    const { url } = await ownRedis()
    const nodeRedisClient = createClient({ url, RESP: 2, disableOfflineQueue: true })
    const ioredisClient = new Redis(url, {
      enableOfflineQueue: false,
      lazyConnect: true,
      protocol: 2,
    })
    await Promise.all([nodeRedisClient.connect(), ioredisClient.connect()])
    onTestFinished(() => {
      nodeRedisClient.destroy()
      ioredisClient.disconnect()
    })
    await nodeRedisClient.subscribe('news', () => {})
    await ioredisClient.subscribe('news')
    for (const client of [nodeRedisClient, ioredisClient])
      await expectRefused(
        runAllCommands(redisStore(client)),
        errorWith('configuration-invalid', 'is subscribed to channels', 'duplicate'),
      )
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
