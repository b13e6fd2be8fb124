import {
  isRecruitOAuthError,
  RecruitOAuthError,
  refuseUnknownOptions,
  type ConnectionId,
  type ConnectionStore,
  type ConnectionSummary,
  type EpochMs,
  type SealedRecord,
} from '@zrecruit/oauth-core'
import { adaptClient, asText, type RedisClient } from './client.ts'
import { createTimeLimit, type Send } from './time-limit.ts'
import { keysOf, rangeOf } from './keys.ts'
import { list, read, write, type Script } from './scripts.ts'
import { errorPrefixOf, isServerError, toStoreError } from './errors.ts'

export interface RedisStoreOptions {
  /**
   * The keys are `{<prefix>}:…`. Apps or environments that share one Redis need different prefixes.
   * Default: `zrecruit`.
   */
  readonly prefix?: string
  /**
   * Accepts a Redis whose `maxmemory-policy` is an `allkeys-` one. Such a Redis drops keys when its
   * memory is full, and users must then consent again.
   */
  readonly dangerouslyAllowEviction?: boolean
}

const optionNames = /* @__PURE__ */ Object.keys({
  prefix: true,
  dangerouslyAllowEviction: true,
} satisfies Record<keyof RedisStoreOptions, true>)

/**
 * Stores connections in Redis 6.2 or newer, or in Valkey, with the app's own client. Each command
 * is one script, atomic on the server. Each command resolves or rejects within a second. No command
 * is sent while the client is not connected.
 *
 * The durability of an acknowledged write depends on the server: see the package's README.
 * @param client node-redis with `disableOfflineQueue: true`, or ioredis with `enableOfflineQueue:
 * false`
 * @throws RecruitOAuthError `configuration-invalid`: not such a client, or one that queues commands
 */
export const redisStore = (
  client: RedisClient,
  options: RedisStoreOptions = {},
): ConnectionStore => {
  refuseUnknownOptions(options, optionNames)
  const { prefix = 'zrecruit', dangerouslyAllowEviction = false } = options
  const adapter = adaptClient(client)
  const keys = keysOf(prefix)
  const withinTimeLimit = createTimeLimit(adapter.unavailableReason)
  let isEvictionChecked = dangerouslyAllowEviction
  let checking: Promise<boolean> | undefined

  const checkEviction = async (send: Send): Promise<void> => {
    checking ??= refuseEviction(() => send(adapter.info)).finally(() => (checking = undefined))
    isEvictionChecked = await checking
  }
  const evaluate = async (
    send: Send,
    { text, sha1 }: Script,
    names: string[],
    args: string[],
  ): Promise<unknown> => {
    try {
      return await send(() => adapter.runBySha1(sha1, names, args))
    } catch (error) {
      if (errorPrefixOf(error) !== 'NOSCRIPT') throw error
      // A client that reconnected may have sent the first call twice, so the script may have been
      // applied before: `written: 'no'` would be wrong.
      return send(() => adapter.runText(text, names, args)).catch((second: unknown) => {
        if (!isRecruitOAuthError(second) && isServerError(second)) throw second
        throw Object.assign(toStoreError(second), { written: undefined })
      })
    }
  }
  const run = async (
    script: Script,
    names: string[],
    args: string[],
  ): Promise<readonly string[]> => {
    try {
      const reply = await withinTimeLimit(async (send) => {
        if (!isEvictionChecked) await checkEviction(send)
        return evaluate(send, script, names, args)
      })
      return (reply as unknown[]).map(asText)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  return {
    async read(id) {
      const [seconds, microseconds, fields, envelope] = await run(
        read,
        [keys.fields, keys.envelope(id)],
        [id],
      )
      const asOf = epochMs(seconds, microseconds)
      if (fields === undefined || envelope === undefined) return { asOf }
      const { call: _call, ...members } = JSON.parse(fields) as StoredFields
      return { asOf, record: { ...members, envelope } }
    },
    async write(id, next, expected) {
      const args = [id, expected, next ? toStoredFields(next) : '', next?.envelope ?? '']
      const [seconds, microseconds, written] = await run(
        write,
        [keys.fields, keys.envelope(id), keys.index],
        args,
      )
      return { written: written === '1', asOf: epochMs(seconds, microseconds) }
    },
    async list(query) {
      const reply = await run(list, [keys.fields, keys.index], rangeOf(query))
      return Array.from({ length: reply.length / 2 }, (_, n): ConnectionSummary => {
        const {
          revision: _revision,
          call: _call,
          ...members
        } = JSON.parse(reply[2 * n + 1] as string) as StoredFields
        return { id: reply[2 * n] as ConnectionId, ...members }
      })
    },
  }
}

/** The JSON in the hash `fields`: the part of a record that is not sealed. */
interface StoredFields extends Omit<ConnectionSummary, 'id'> {
  readonly revision: SealedRecord['revision']
  /** A random id of the write, by which the script recognises a write that is sent again. */
  readonly call: string
}

const toStoredFields = ({
  revision,
  status,
  pending,
  principal,
  dataCenter,
}: SealedRecord): string =>
  JSON.stringify({
    revision,
    status,
    pending,
    principal,
    dataCenter,
    call: crypto.randomUUID(),
  } satisfies { [K in keyof StoredFields]: StoredFields[K] | undefined })

/** From the reply of TIME: seconds, and the microseconds of the current second. */
const epochMs = (seconds = '', microseconds = ''): EpochMs =>
  Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)

/**
 * Refuses a Redis that evicts keys to free memory: consents would be lost without notice. The
 * `volatile-` policies are accepted, because they spare keys without a time to live. A user without
 * permission for INFO is accepted.
 * @returns whether the check succeeded and need not be repeated
 * @throws `configuration-invalid`
 */
const refuseEviction = async (info: () => Promise<unknown>): Promise<boolean> => {
  let text: string
  try {
    text = asText(await info())
  } catch (error) {
    if (isRecruitOAuthError(error)) throw error
    const prefix = errorPrefixOf(error)
    return prefix === 'NOPERM' || prefix === 'ERR'
  }
  const policy = /^maxmemory_policy:(allkeys-[a-z]+)/m.exec(text)?.[1]
  if (policy === undefined || /^maxmemory:0\b/m.test(text)) return true
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `This Redis drops keys when its memory is full (maxmemory-policy ${policy}): consents ` +
      'would be lost.',
    hint:
      'Set `maxmemory-policy noeviction`, use another Redis, or set ' +
      '`dangerouslyAllowEviction`.',
  })
}
