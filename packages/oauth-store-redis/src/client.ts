import { errorMonitor } from 'node:events'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { isRefusal, toStoreError } from './errors.ts'

/**
 * The part of node-redis 5.1 or newer that the store uses. `createClient` and `createCluster`
 * return such a client. A pool is refused, because it does not report whether it is connected.
 */
export interface NodeRedisClient {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  readonly isReady: boolean
  readonly options?: { readonly disableOfflineQueue?: boolean | undefined } | undefined
}

/**
 * The part of ioredis 5.4 or newer that the store uses. `new Redis` and `new Redis.Cluster` create
 * such a client.
 */
export interface IoredisClient {
  evalsha(sha1: string, numkeys: number, ...keysAndArguments: string[]): Promise<unknown>
  eval(script: string, numkeys: number, ...keysAndArguments: string[]): Promise<unknown>
  readonly status: string
  readonly options: { readonly enableOfflineQueue?: boolean | undefined }
}

export type RedisClient = NodeRedisClient | IoredisClient

/** One interface for both clients. */
export interface Connection {
  /** Why nothing can be sent now; `undefined` when the client is ready. */
  unavailableReason(): RecruitOAuthError | undefined
  /** Runs a script by its SHA-1 or by its text. */
  run(by: 'sha1' | 'text', script: string, keys: string[], args: string[]): Promise<unknown>
  /**
   * The reply of INFO. `undefined` if the client has no such command, as node-redis's client for a
   * cluster.
   */
  info(): Promise<unknown>
}

/**
 * @throws `configuration-invalid`: not one of these clients, or a client that queues commands while
 * it is not connected
 */
export const connectionTo = (client: RedisClient): Connection => {
  const info = async (): Promise<unknown> => (hasInfo(client) ? client.info() : undefined)
  if (isNodeRedis(client)) {
    // A client that was created without options can have the property `options` with the value
    // undefined. A client without this property (cluster, sentinel) is accepted even if it queues
    // commands, because `isReady` is checked before each command.
    if ('options' in client && client.options?.disableOfflineQueue !== true)
      throw queuesCommands('disableOfflineQueue: true')
    return {
      unavailableReason: createUnavailableReason(client, () => client.isReady),
      run: (by, script, keys, args) =>
        client[by === 'sha1' ? 'evalSha' : 'eval'](script, { keys, arguments: args }),
      info,
    }
  }
  if (isIoredis(client)) {
    if (client.options?.enableOfflineQueue !== false)
      throw queuesCommands('enableOfflineQueue: false')
    return {
      unavailableReason: createUnavailableReason(client, () => client.status === 'ready'),
      run: (by, script, keys, args) =>
        client[by === 'sha1' ? 'evalsha' : 'eval'](script, keys.length, ...keys, ...args),
      info,
    }
  }
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'redisStore was given no client of node-redis or ioredis.',
    hint:
      'Pass the result of `createClient(…)` of `redis` or of `new Redis(…)` of `ioredis`. A pool ' +
      'does not report whether it is connected.',
  })
}

// These checks do not use `instanceof`, because an app may have another copy of the driver.
const isNodeRedis = (client: RedisClient): client is NodeRedisClient =>
  isObject(client) && 'evalSha' in client && 'isReady' in client
const isIoredis = (client: RedisClient): client is IoredisClient =>
  isObject(client) && 'evalsha' in client && 'status' in client
const hasInfo = (client: object): client is { info(): Promise<unknown> } => 'info' in client
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const queuesCommands = (option: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      'The Redis client queues commands while it is not connected: callers would hang, and the ' +
      'queue would grow.',
    hint: `Create it with \`${option}\`.`,
  })

/**
 * Creates the `unavailableReason` of a client. Redis's reply to a failed connection attempt (a
 * wrong password) is reported to the client's 'error' listeners only. So while the client is not
 * ready, its next error is observed with `errorMonitor`, which does not count as a listener: a
 * client without listeners still throws.
 */
const createUnavailableReason = (
  client: object,
  isReady: () => boolean,
): (() => RecruitOAuthError | undefined) => {
  let isListening = false
  let lastError: unknown
  const listen = () => {
    if (isListening || !isEmitter(client)) return
    isListening = true
    client.once(errorMonitor, (error) => {
      isListening = false
      lastError = error
    })
  }
  const unavailableReason = () => {
    if (isReady()) {
      lastError = undefined
      return undefined
    }
    listen()
    if (isRefusal(lastError)) return Object.assign(toStoreError(lastError), notSent)
    return new RecruitOAuthError('store-unavailable', {
      summary: 'The Redis client is not connected.',
      hint: "Await its connection at the start, listen to its 'error' events, then call again.",
      ...notSent,
    })
  }
  unavailableReason() // Starts to listen before the first command.
  return unavailableReason
}

/** Readiness is checked before anything is sent. */
const notSent = { written: 'no' } as const

const isEmitter = (
  client: object,
): client is { once(event: symbol, listener: (error: unknown) => void): unknown } =>
  'once' in client && typeof client.once === 'function'

/** The text of a reply. A client can be configured to reply with bytes. */
export const asText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
  return ''
}
