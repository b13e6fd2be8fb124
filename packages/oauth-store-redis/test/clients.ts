import { Redis } from 'ioredis'
import { createClient, RESP_TYPES } from 'redis'
import type { RedisClient } from '../src/index.ts'

/** A client that is connected, and how it is let go. */
export interface Connected {
  readonly client: RedisClient
  close(): void
}

export const nodeRedis = async (url: string, options: NonNullable<Parameters<typeof createClient>[0]> = {}): Promise<Connected> => {
  const client = createClient({ url, disableOfflineQueue: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export const ioredis = async (url: string, options: ConstructorParameters<typeof Redis>[2] = {}): Promise<Connected> => {
  const client = new Redis(url, { enableOfflineQueue: false, lazyConnect: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

/** The two as their READMEs would have them. */
export const clients = { 'node-redis': nodeRedis, ioredis } as const

/** And as apps may have set them. */
export const settings: Readonly<Record<string, (url: string) => Promise<Connected>>> = {
  ...clients,
  'node-redis, RESP 2': (url) => nodeRedis(url, { RESP: 2 }),
  'node-redis that answers octets, with a prefix': (url) => nodeRedis(url, { keyPrefix: 'app:', commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } } }),
  'ioredis, RESP 2, with a prefix': (url) => ioredis(url, { protocol: 2, keyPrefix: 'app:' }),
  'ioredis with pipelines of its own': (url) => ioredis(url, { enableAutoPipelining: true, stringNumbers: true }),
}
