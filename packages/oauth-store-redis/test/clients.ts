import { Redis, type RedisOptions } from 'ioredis'
import { createClient, createCluster, RESP_TYPES, type RedisClientOptions, type RespVersions } from 'redis'
import { onTestFinished } from 'vitest'
import { redisStore, type RedisClient, type RedisStoreOptions } from '../src/index.ts'

/** A client that is connected, and how it is let go. */
export interface Connected {
  readonly client: RedisClient
  close(): void
}
export type Connect = (url: string) => Promise<Connected>

export const nodeRedis = async (url: string, options: Omit<RedisClientOptions, 'RESP'> & { RESP?: RespVersions } = {}): Promise<Connected> => {
  const client = createClient({ url, disableOfflineQueue: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export const ioredis = async (url: string, options: Omit<RedisOptions, 'replyMapping'> = {}): Promise<Connected> => {
  const client = new Redis(url, { enableOfflineQueue: false, lazyConnect: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

/** The two as our README would have them. */
export const clients: Readonly<Record<'node-redis' | 'ioredis', Connect>> = { 'node-redis': (url) => nodeRedis(url), ioredis: (url) => ioredis(url) }

/** And as apps may have set them. */
export const settings: Readonly<Record<string, Connect>> = {
  ...clients,
  'node-redis, RESP 2': (url) => nodeRedis(url, { RESP: 2 }),
  'node-redis that answers octets, with a prefix': (url) => nodeRedis(url, { keyPrefix: 'app:', commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } }),
  'ioredis, RESP 2, with a prefix': (url) => ioredis(url, { protocol: 2, keyPrefix: 'app:' }),
  'ioredis with pipelines of its own': (url) => ioredis(url, { enableAutoPipelining: true, stringNumbers: true }),
}

/** A store by a client that leaves with the test. */
export const storeBy = async (connect: Connect, url: string, options: RedisStoreOptions = {}) => {
  const { client, close } = await connect(url)
  onTestFinished(close)
  return redisStore(client, options)
}

/** One store by each client. */
export const storesOn = (url: string, options: RedisStoreOptions = {}) => Promise.all([storeBy(clients['node-redis'], url, options), storeBy(clients.ioredis, url, options)])

/** The same by clients for clusters. */
export const clusterStoresOn = async (url: string) => {
  const one = createCluster({ rootNodes: [{ url }], defaults: { disableOfflineQueue: true } }).on('error', () => undefined)
  const two = new Redis.Cluster([url], { enableOfflineQueue: false, lazyConnect: true })
  await Promise.all([one.connect(), two.connect()])
  onTestFinished(() => (one.destroy(), two.disconnect()))
  return [redisStore(one), redisStore(two)]
}

/** Somebody else at the server's console; leaves with the test. */
export const control = async (url: string): Promise<(command: string) => Promise<unknown>> => {
  const client = await createClient({ url }).on('error', () => undefined).connect()
  onTestFinished(() => client.destroy())
  return (command) => client.sendCommand(command.split(' '))
}
