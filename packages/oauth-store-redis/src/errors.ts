import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorCode,
  type ErrorDetails,
} from '@zrecruit/oauth-core'

/**
 * By the word that a server's error begins with:
 * https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
 */
const known: Readonly<Record<string, [code: ErrorCode, what: string, details: ErrorDetails]>> = {
  READONLY: [
    'configuration-invalid',
    'This Redis is a replica, which takes no writes',
    {
      hint:
        'Connect to the primary: by Sentinel, or by the primary’s own address; after a ' +
        'fail-over, connect again.',
    },
  ],
  NOAUTH: [
    'configuration-invalid',
    'Redis wants a password',
    { hint: 'Give the client its user name and password.' },
  ],
  WRONGPASS: [
    'configuration-invalid',
    'Redis did not take this user name and password',
    { hint: 'Correct those of the client.' },
  ],
  NOPERM: [
    'configuration-invalid',
    'The Redis user may not do what the store does',
    { hint: 'Grant the commands and keys that the README of @zrecruit/oauth-store-redis names.' },
  ],
  WRONGTYPE: [
    'configuration-invalid',
    'Something else stands under the keys of the store',
    { hint: 'Choose another `prefix`.' },
  ],
  CROSSSLOT: [
    'configuration-invalid',
    'The keys of the store are not in one slot',
    { hint: 'Take braces out of the `keyPrefix` of the client.' },
  ],
  MOVED: [
    'configuration-invalid',
    'This Redis is one node of a cluster, and the keys are on another',
    { hint: 'Use a client for clusters.' },
  ],
  ASK: [
    'store-unavailable',
    'The keys are moving to another node of the cluster',
    { hint: 'Use a client for clusters, or call again later.' },
  ],
  // A client can send a write again after a lost connection, so another refusal does not say that
  // the first was refused.
  OOM: [
    'store-unavailable',
    'Redis has reached its `maxmemory`',
    { hint: 'Raise it, or make room, then call again.', written: 'no' },
  ],
  MISCONF: [
    'store-unavailable',
    'Redis cannot save to its disk',
    { hint: 'Make room on the disk, then call again.' },
  ],
  NOREPLICAS: [
    'store-unavailable',
    'Redis has not the replicas that `min-replicas-to-write` wants',
    { hint: 'See that they are up, then call again.' },
  ],
  LOADING: [
    'store-unavailable',
    'Redis is loading its data',
    { hint: 'Call again when it has started.' },
  ],
  BUSY: [
    'store-unavailable',
    'Another script keeps Redis busy',
    { hint: 'End it (SCRIPT KILL), then call again.' },
  ],
  CLUSTERDOWN: [
    'store-unavailable',
    'The Redis cluster is down',
    { hint: 'See that every slot is served, then call again.' },
  ],
  HALFRECORD: [
    'store-unavailable',
    'Some keys of the store were evicted or removed, and others were not',
    { hint: 'Restore it from a backup.', remedy: 'report' },
  ],
}

/**
 * One of our errors in place of a client's, whose message can quote commands, keys and addresses.
 */
export const toStoreError = (error: unknown): RecruitOAuthError => {
  if (isRecruitOAuthError(error)) return error
  const word = wordOf(error)
  const [code, what, details] = (word === undefined ? undefined : known[word]) ?? [
    'store-unavailable',
    'Redis did not carry out a command',
    { hint: 'See that it is up, is 6.2 or newer and runs scripts, then call again.' },
  ]
  return new RecruitOAuthError(code, {
    ...details,
    summary: `${what}${word === undefined ? '' : ` (${word})`}.`,
  })
}

/** Redis itself said no, in one of the words above. */
export const isRefusal = (error: unknown): boolean => Object.hasOwn(known, wordOf(error) ?? '')

/**
 * That of a script comes first in Redis 7, and within the sentence in 6: `ERR Error running script
 * …: -OOM command not allowed …`. What the user of a script may not do has a sentence for a word.
 */
export const wordOf = (error: unknown): string | undefined => {
  if (
    typeof error !== 'object' ||
    error === null ||
    !('message' in error) ||
    typeof error.message !== 'string'
  )
    return undefined
  if (/The user executing the script can't|ACL failure in script/.test(error.message))
    return 'NOPERM'
  const words = error.message.match(/\b[A-Z]{3,}\b/g) ?? []
  return (
    words.find((word) => Object.hasOwn(known, word)) ??
    (error.message.startsWith(words[0] ?? ' ') ? words[0] : undefined)
  )
}
