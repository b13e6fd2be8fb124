import {
  errorKindOf,
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorCode,
  type ErrorDetails,
} from '@zrecruit/oauth-core'

/** A server gives this error the prefix ERR, which has no meaning of its own. */
const subscriberMode = 'subscriber mode'

/**
 * The errors that a server returns, by their error prefix. All are Redis's own, except HALFRECORD,
 * which the scripts of this store return, and `subscriberMode`.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const serverErrors: Readonly<
  Record<string, [code: ErrorCode, summary: string, details: ErrorDetails]>
> = {
  READONLY: [
    'configuration-invalid',
    'This Redis is a replica, which takes no writes',
    {
      hint:
        'Connect to the primary, with Sentinel or by its own address. Reconnect after a ' +
        'failover.',
    },
  ],
  NOAUTH: [
    'configuration-invalid',
    'Redis requires a password',
    { hint: 'Give the client its user name and password.' },
  ],
  WRONGPASS: [
    'configuration-invalid',
    'Redis rejected this user name and password',
    { hint: 'Correct them in the options of the client.' },
  ],
  NOPERM: [
    'configuration-invalid',
    'The Redis user lacks a permission that the store needs',
    { hint: 'Grant the commands and keys that the README of @zrecruit/oauth-store-redis names.' },
  ],
  WRONGTYPE: [
    'configuration-invalid',
    'The keys of the store hold data of another kind',
    { hint: 'Choose another `prefix`.' },
  ],
  CROSSSLOT: [
    'configuration-invalid',
    'The keys of the store are not in one slot',
    { hint: 'Remove the braces from the `keyPrefix` of the client.' },
  ],
  MOVED: [
    'configuration-invalid',
    'This Redis is one node of a cluster, and the keys are on another',
    { hint: 'Use a cluster client.' },
  ],
  ASK: [
    'store-unavailable',
    'The keys are moving to another node of the cluster',
    { hint: 'Use a cluster client, or call again later.' },
  ],
  // Only OOM has `written: 'no'`. A client can send a write again after a lost connection. If the
  // first attempt was applied, the script finds its record, and then runs only PERSIST, for which
  // Redis does not check the memory. So after OOM, no attempt is in effect. Other errors, such as
  // READONLY, can also be the reply when a write that was applied is sent again.
  OOM: [
    'store-unavailable',
    'Redis has reached its `maxmemory`',
    { hint: 'Raise it, or free memory, then call again.', written: 'no' },
  ],
  MISCONF: [
    'store-unavailable',
    'Redis cannot save to its disk',
    { hint: 'Free disk space, then call again.' },
  ],
  NOREPLICAS: [
    'store-unavailable',
    'Redis has fewer replicas than `min-replicas-to-write` requires',
    { hint: 'Check that they are up, then call again.' },
  ],
  LOADING: [
    'store-unavailable',
    'Redis is loading its data',
    { hint: 'Call again when it has started.' },
  ],
  BUSY: [
    'store-unavailable',
    'Redis is busy with another script',
    { hint: 'End it (SCRIPT KILL), then call again.' },
  ],
  CLUSTERDOWN: [
    'store-unavailable',
    'The Redis cluster is down',
    { hint: 'Check that every slot is served, then call again.' },
  ],
  [subscriberMode]: [
    'configuration-invalid',
    'The Redis client is subscribed to channels, and sends no other commands',
    { hint: 'Give the store a client of its own: `client.duplicate()`.' },
  ],
  HALFRECORD: [
    'store-unavailable',
    'Some keys of the store were evicted or removed, and others were not',
    { hint: 'Restore the keys of the store from a backup.', remedy: 'report' },
  ],
}

/**
 * Replaces the client's error, whose message can contain commands, keys and addresses, with an
 * error of this library. It contains the error prefix, or the class and the code.
 */
export const toStoreError = (error: unknown): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const prefix = errorPrefixOf(error)
  const [code, summary, details] =
    prefix === undefined ? failureOfClient(error) : (serverErrors[prefix] ?? failedCommand)
  const reason = prefix ?? errorKindOf(error)
  return new RecruitOAuthError(code, {
    ...details,
    summary: `${summary}${reason === undefined ? '' : ` (${reason})`}.`,
    dangerousCause: error,
  })
}

type Failure = (typeof serverErrors)[string]

const failedCommand: Failure = [
  'store-unavailable',
  'Redis did not carry out a command',
  { hint: 'Check that it is up, is 6.2 or newer and runs scripts, then call again.' },
]
const failedClient: Failure = [
  'store-unavailable',
  'The Redis client failed',
  { hint: 'Its own error is the `dangerousCause` of the event `store-failed`.' },
]

/**
 * The messages with which node-redis refuses a command before it sends it. ioredis has such a
 * message too, but it can be about a command that was sent before, and is sent again.
 */
const notSentMessages = new Set(['The client is closed', 'The client is offline'])

const failureOfClient = (error: unknown): Failure => {
  const message = (error as { readonly message?: unknown } | null | undefined)?.message
  return typeof message === 'string' && notSentMessages.has(message) ? notConnected : failedClient
}

/** The error for a command that was not sent, because the client is not connected. */
const notConnected: Failure = [
  'store-unavailable',
  'The Redis client is not connected',
  {
    hint:
      "Wait until it is connected before you use it, and handle its 'error' events. Then try " +
      'again.',
    written: 'no',
  },
]

/** @param cause why the client could not connect, as far as it is known */
export const notConnectedError = (cause: unknown): RecruitOAuthError => {
  const [code, summary, details] = notConnected
  const kind = errorKindOf(cause)
  return new RecruitOAuthError(code, {
    ...details,
    summary: `${summary}${kind === undefined ? '' : ` (${kind})`}.`,
    dangerousCause: cause,
  })
}

/** The error for a client that is subscribed to channels, before anything is sent. */
export const subscriberModeError = (): RecruitOAuthError => {
  const [code, summary, details] = serverErrors[subscriberMode]!
  return new RecruitOAuthError(code, { ...details, summary: `${summary}.`, written: 'no' })
}

/** Whether the server returned the error, with one of the prefixes above. */
export const isServerError = (error: unknown): boolean =>
  Object.hasOwn(serverErrors, errorPrefixOf(error) ?? '')

/**
 * The error prefix: the upper-case word that names a server's error. For an error inside a script,
 * Redis 7 puts the prefix at the start of the message; Redis 6 puts it inside: `ERR Error running
 * script …: -OOM command not allowed …`. For a missing permission inside a script, the message has
 * no prefix, only a sentence.
 */
export const errorPrefixOf = (error: unknown): string | undefined => {
  if (
    typeof error !== 'object' ||
    error === null ||
    !('message' in error) ||
    typeof error.message !== 'string'
  )
    return undefined
  if (/The user executing the script can't|ACL failure in script/.test(error.message))
    return 'NOPERM'
  if (error.message.endsWith(' allowed in this context')) return subscriberMode
  const words = error.message.match(/\b[A-Z]{3,}\b/g) ?? []
  const knownPrefix = words.find((word) => Object.hasOwn(serverErrors, word))
  if (knownPrefix !== undefined) return knownPrefix
  const [firstWord] = words
  return firstWord !== undefined && error.message.startsWith(firstWord) ? firstWord : undefined
}
