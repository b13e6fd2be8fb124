import type { RedisOptions } from 'ioredis'
import type { RedisClientOptions, RespVersions } from 'redis'
import type { RedisClient } from '../src/index.ts'

// Each function imports only its own client library, because a child process needs only one.

/** A connected client, and a function that closes it. */
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

/** Both clients with the options that the README requires. */
export const clients: Readonly<Record<'node-redis' | 'ioredis', Connect>> = {
  'node-redis': (url) => nodeRedis(url),
  ioredis: (url) => ioredis(url),
}

/** Both clients, also with other options that an app may use. */
export const settings: Readonly<Record<string, Connect>> = {
  ...clients,
  'node-redis, RESP 2': (url) => nodeRedis(url, { RESP: 2 }),
  'node-redis that returns bytes, with a prefix': async (url) =>
    nodeRedis(url, {
      keyPrefix: 'app:',
      commandOptions: { typeMapping: { [(await import('redis')).RESP_TYPES.BLOB_STRING]: Buffer } },
    }),
  'ioredis, RESP 2, with a prefix': (url) => ioredis(url, { protocol: 2, keyPrefix: 'app:' }),
  'ioredis with automatic pipelines': (url) =>
    ioredis(url, { enableAutoPipelining: true, stringNumbers: true }),
}
