import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { readiness } from './readiness.ts'

/**
 * What the store uses of node-redis, 5.1 or newer: `createClient`, `createCluster`. Not of a pool,
 * which does not say whether it is connected.
 */
export interface NodeRedisClient {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  readonly isReady: boolean
  readonly options?: { readonly disableOfflineQueue?: boolean | undefined } | undefined
}

/** What the store uses of ioredis, 5.4 or newer: `new Redis`, `new Redis.Cluster`. */
export interface IoredisClient {
  evalsha(sha1: string, numkeys: number, ...keysAndArguments: string[]): Promise<unknown>
  eval(script: string, numkeys: number, ...keysAndArguments: string[]): Promise<unknown>
  readonly status: string
  readonly options: { readonly enableOfflineQueue?: boolean | undefined }
}

export type RedisClient = NodeRedisClient | IoredisClient

/** Both clients as one. */
export interface Connection {
  /** Why nothing can be sent now. */
  whyNot(): RecruitOAuthError | undefined
  /** A script by its SHA-1 or by its text. */
  run(by: 'sha1' | 'text', script: string, keys: string[], args: string[]): Promise<unknown>
  /** Nothing where a client has no such command, as node-redis has not for a cluster. */
  info(): Promise<unknown>
}

/**
 * @throws `configuration-invalid`: it is none of these clients, or it would keep commands for later
 */
export const connectionTo = (client: RedisClient): Connection => {
  const info = async (): Promise<unknown> => (hasInfo(client) ? client.info() : undefined)
  if (isNodeRedis(client)) {
    // A client made without options may have none to show. What has no such member (cluster,
    // sentinel) may queue: it is asked whether it is ready.
    if ('options' in client && client.options?.disableOfflineQueue !== true)
      throw queues('disableOfflineQueue: true')
    return {
      whyNot: readiness(client, () => client.isReady),
      run: (by, script, keys, args) =>
        client[by === 'sha1' ? 'evalSha' : 'eval'](script, { keys, arguments: args }),
      info,
    }
  }
  if (isIoredis(client)) {
    if (client.options?.enableOfflineQueue !== false) throw queues('enableOfflineQueue: false')
    return {
      whyNot: readiness(client, () => client.status === 'ready'),
      run: (by, script, keys, args) =>
        client[by === 'sha1' ? 'evalsha' : 'eval'](script, keys.length, ...keys, ...args),
      info,
    }
  }
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'What was given to redisStore is no client of node-redis or ioredis.',
    hint:
      'Pass what `createClient(…)` of `redis` or `new Redis(…)` of `ioredis` made; a pool does ' +
      'not say whether it is connected.',
  })
}

// By what they can do: an app may have another copy of the driver than we would find.
const isNodeRedis = (client: RedisClient): client is NodeRedisClient =>
  isObject(client) && 'evalSha' in client && 'isReady' in client
const isIoredis = (client: RedisClient): client is IoredisClient =>
  isObject(client) && 'evalsha' in client && 'status' in client
const hasInfo = (client: object): client is { info(): Promise<unknown> } => 'info' in client
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const queues = (option: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      'The Redis client keeps commands while it is not connected: callers would hang, and ' +
      'their commands pile up.',
    hint: `Make it with \`${option}\`.`,
  })
