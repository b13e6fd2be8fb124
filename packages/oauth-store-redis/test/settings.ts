import type { RedisOptions } from 'ioredis'
import type { RedisClientOptions, RespVersions } from 'redis'
import type { RedisClient } from '../src/index.ts'

// Each loads its own client and not the other: processes that the tests start use one.

/** A client that is connected, and how it is let go. */
export interface Connected {
  readonly client: RedisClient
  close(): void
}
export type Connect = (url: string) => Promise<Connected>

export const nodeRedis = async (
  url: string,
  options: Omit<RedisClientOptions, 'RESP'> & { RESP?: RespVersions } = {},
): Promise<Connected> => {
  const { createClient } = await import('redis')
  const client = createClient({ url, disableOfflineQueue: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.destroy() }
}

export const ioredis = async (
  url: string,
  options: Omit<RedisOptions, 'replyMapping'> = {},
): Promise<Connected> => {
  const { Redis } = await import('ioredis')
  const client = new Redis(url, { enableOfflineQueue: false, lazyConnect: true, ...options })
  client.on('error', () => undefined)
  await client.connect()
  return { client, close: () => client.disconnect() }
}

/** The two as our README would have them. */
export const clients: Readonly<Record<'node-redis' | 'ioredis', Connect>> = {
  'node-redis': (url) => nodeRedis(url),
  ioredis: (url) => ioredis(url),
}

/** And as apps may have set them. */
export const settings: Readonly<Record<string, Connect>> = {
  ...clients,
  'node-redis, RESP 2': (url) => nodeRedis(url, { RESP: 2 }),
  'node-redis that answers bytes, with a prefix': async (url) =>
    nodeRedis(url, {
      keyPrefix: 'app:',
      commandOptions: { typeMapping: { [(await import('redis')).RESP_TYPES.BLOB_STRING]: Buffer } },
    }),
  'ioredis, RESP 2, with a prefix': (url) => ioredis(url, { protocol: 2, keyPrefix: 'app:' }),
  'ioredis with pipelines of its own': (url) =>
    ioredis(url, { enableAutoPipelining: true, stringNumbers: true }),
}
