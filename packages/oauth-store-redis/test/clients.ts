import { Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { onTestFinished } from 'vitest'
import { redisStore, type RedisStoreOptions } from '../src/index.ts'
import { clients, type Connect } from './settings.ts'

/** Creates a store whose client is closed when the test ends. */
export const storeBy = async (connect: Connect, url: string, options: RedisStoreOptions = {}) => {
  const { client, close } = await connect(url)
  onTestFinished(close)
  return redisStore(client, options)
}

/** Creates one store for each client library. */
export const storesOn = (url: string, options: RedisStoreOptions = {}) =>
  Promise.all([
    storeBy(clients['node-redis'], url, options),
    storeBy(clients.ioredis, url, options),
  ])

/** As `storesOn`, but with the clients for clusters. */
export const clusterStoresOn = async (url: string) => {
  const nodeRedisClient = createCluster({
    rootNodes: [{ url }],
    defaults: { disableOfflineQueue: true },
  }).on('error', () => undefined)
  const ioredisClient = new Redis.Cluster([url], { enableOfflineQueue: false, lazyConnect: true })
  await Promise.all([nodeRedisClient.connect(), ioredisClient.connect()])
  onTestFinished(() => {
    nodeRedisClient.destroy()
    ioredisClient.disconnect()
  })
  return [redisStore(nodeRedisClient), redisStore(ioredisClient)]
}

/**
 * Returns a function that sends a command to the server by a client of its own. The client is
 * closed when the test ends.
 */
export const control = async (url: string): Promise<(command: string) => Promise<unknown>> => {
  const client = await createClient({ url })
    .on('error', () => undefined)
    .connect()
  onTestFinished(() => client.destroy())
  return (command) => client.sendCommand(command.split(' '))
}
