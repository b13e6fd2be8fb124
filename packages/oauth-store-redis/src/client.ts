import { errorMonitor } from 'node:events'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { isServerError, notConnectedError, subscriberModeError, toStoreError } from './errors.ts'

/**
 * The part of node-redis 5.1 or newer that the store uses. `createClient` and `createCluster`
 * return such a client. Older clusters have no `isReady`: for them, `isOpen` is used. A pool is
 * refused, because it does not report whether it is connected.
 */
export interface NodeRedisClient {
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  readonly isReady?: boolean
  readonly isOpen?: boolean
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

/** The same interface for both client libraries. */
export interface RedisAdapter {
  /** The error to throw while nothing can be sent; `undefined` when the client is ready. */
  unavailableReason(): RecruitOAuthError | undefined
  /** Runs a script that the server has in its cache (EVALSHA). */
  runBySha1(sha1: string, keys: string[], args: string[]): Promise<unknown>
  /** Runs a script and adds it to the server's cache (EVAL). */
  runText(text: string, keys: string[], args: string[]): Promise<unknown>
  /**
   * The reply to INFO. `undefined` if the client has no such command, for example node-redis's
   * cluster client.
   */
  info(): Promise<unknown>
}

/**
 * @throws `configuration-invalid`: not one of these clients, or a client that queues commands while
 * it is not connected
 */
export const adaptClient = (client: RedisClient): RedisAdapter => {
  const info = async (): Promise<unknown> => (hasInfo(client) ? client.info() : undefined)
  if (isNodeRedis(client)) {
    // `isReady` is checked before each command, so no command is sent to a client that is not
    // connected. The option is required nevertheless: without it, commands that the client had not
    // written when it lost the connection stay in its queue, and are sent after it reconnects. The
    // cluster and sentinel clients have no property `options`, so their setting cannot be checked.
    // A client that was created without options has the property, and is refused.
    if ('options' in client && client.options?.disableOfflineQueue !== true)
      throw offlineQueueError('disableOfflineQueue: true')
    return {
      unavailableReason: createUnavailableReason(
        client,
        () => client.isReady ?? client.isOpen ?? false,
      ),
      runBySha1: (sha1, keys, args) => client.evalSha(sha1, { keys, arguments: args }),
      runText: (text, keys, args) => client.eval(text, { keys, arguments: args }),
      info,
    }
  }
  if (isIoredis(client)) {
    if (client.options?.enableOfflineQueue !== false)
      throw offlineQueueError('enableOfflineQueue: false')
    return {
      unavailableReason: createUnavailableReason(client, () => client.status === 'ready'),
      runBySha1: (sha1, keys, args) => client.evalsha(sha1, keys.length, ...keys, ...args),
      runText: (text, keys, args) => client.eval(text, keys.length, ...keys, ...args),
      info,
    }
  }
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'The client passed to redisStore is not a node-redis or ioredis client.',
    hint: 'Pass the result of `createClient(…)` or `new Redis(…)`, not a pool.',
  })
}

// These checks do not use `instanceof`, because an app may have another copy of the driver.
const isNodeRedis = (client: RedisClient): client is NodeRedisClient =>
  isObject(client) && 'evalSha' in client && ('isReady' in client || isCluster(client))
/** Tells a cluster client from a pool. */
const isCluster = (client: object): boolean => 'nodeByAddress' in client
const isIoredis = (client: RedisClient): client is IoredisClient =>
  isObject(client) && 'evalsha' in client && 'status' in client
const hasInfo = (client: object): client is { info(): Promise<unknown> } => 'info' in client
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const offlineQueueError = (option: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', {
    summary:
      'The Redis client queues commands while it is not connected: callers would hang, and the ' +
      'queue would grow.',
    hint: `Create it with \`${option}\`.`,
  })

/**
 * Creates the `unavailableReason` of a client. A client reports why it cannot connect (for example
 * a wrong password) only by an 'error' event. So each call while the client is not ready makes sure
 * that a listener waits for the client's next error. It listens with `errorMonitor`, which Node
 * does not count as an 'error' listener: if the app has none, the client still throws its errors.
 */
const createUnavailableReason = (
  client: object,
  isReady: () => boolean,
): (() => RecruitOAuthError | undefined) => {
  let isListening = false
  let lastError: unknown
  const listenForNextError = () => {
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
      return isSubscriber(client) ? subscriberModeError() : undefined
    }
    listenForNextError()
    return isServerError(lastError)
      ? Object.assign(toStoreError(lastError), { written: 'no' as const })
      : notConnectedError(lastError)
  }
  unavailableReason() // Starts to listen before the first command.
  return unavailableReason
}

const isEmitter = (
  client: object,
): client is { once(event: symbol, listener: (error: unknown) => void): unknown } =>
  'once' in client && typeof client.once === 'function'

/** ioredis refuses all other commands in this mode; with node-redis, the server does. */
const isSubscriber = (client: object): boolean => 'mode' in client && client.mode === 'subscriber'

/** The text of a reply. A client can be configured to reply with bytes. */
export const asText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
  return ''
}
