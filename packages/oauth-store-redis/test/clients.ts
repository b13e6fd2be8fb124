import { Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { onTestFinished } from 'vitest'
import { redisStore, type RedisStoreOptions } from '../src/index.ts'
import { clients, type Connect } from './settings.ts'

/** A store by a client that leaves with the test. */
export const storeBy = async (connect: Connect, url: string, options: RedisStoreOptions = {}) => {
  const { client, close } = await connect(url)
  onTestFinished(close)
  return redisStore(client, options)
}

/** One store by each client. */
export const storesOn = (url: string, options: RedisStoreOptions = {}) =>
  Promise.all([
    storeBy(clients['node-redis'], url, options),
    storeBy(clients.ioredis, url, options),
  ])

/** The same by clients for clusters. */
export const clusterStoresOn = async (url: string) => {
  const one = createCluster({ rootNodes: [{ url }], defaults: { disableOfflineQueue: true } }).on(
    'error',
    () => undefined,
  )
  const two = new Redis.Cluster([url], { enableOfflineQueue: false, lazyConnect: true })
  await Promise.all([one.connect(), two.connect()])
  onTestFinished(() => {
    one.destroy()
    two.disconnect()
  })
  return [redisStore(one), redisStore(two)]
}

/** Somebody else at the server's console; leaves with the test. */
export const control = async (url: string): Promise<(command: string) => Promise<unknown>> => {
  const client = await createClient({ url })
    .on('error', () => undefined)
    .connect()
  onTestFinished(() => client.destroy())
  return (command) => client.sendCommand(command.split(' '))
}
