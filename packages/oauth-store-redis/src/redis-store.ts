import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionId,
  type ConnectionStore,
  type ConnectionSummary,
  type EpochMs,
  type SealedRecord,
} from '@zrecruit/oauth-core'
import { asText, connectionTo, type RedisClient } from './client.ts'
import { createTimeLimit, type Send } from './time-limit.ts'
import { keysOf, rangeOf } from './keys.ts'
import { list, read, write, type Script } from './scripts.ts'
import { toStoreError, wordOf } from './errors.ts'

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

/**
 * Stores connections in Redis 6.2 or newer, or in Valkey, with the app's own client. Each command
 * is one script, atomic on the server. Each command resolves or rejects within a second. Nothing is
 * sent while the client is not connected.
 *
 * The durability of an acknowledged write depends on the server: see the package's README.
 * @param client node-redis with `disableOfflineQueue: true`, or ioredis with `enableOfflineQueue:
 * false`
 * @throws RecruitOAuthError `configuration-invalid`: not such a client, or one that queues commands
 */
export const redisStore = (
  client: RedisClient,
  { prefix = 'zrecruit', dangerouslyAllowEviction = false }: RedisStoreOptions = {},
): ConnectionStore => {
  const connection = connectionTo(client)
  const keys = keysOf(prefix)
  const withinTimeLimit = createTimeLimit(connection.unavailableReason)
  let isChecked = dangerouslyAllowEviction
  let checking: Promise<boolean> | undefined

  const check = async (send: Send): Promise<void> => {
    checking ??= refuseEviction(() => send(connection.info)).finally(() => (checking = undefined))
    isChecked = await checking
  }
  const evaluate = async (
    send: Send,
    { text, sha1 }: Script,
    names: string[],
    args: string[],
  ): Promise<unknown> => {
    try {
      return await send(() => connection.run('sha1', sha1, names, args))
    } catch (error) {
      if (wordOf(error) !== 'NOSCRIPT') throw error
      // A client that reconnected may have sent the first call twice, so the script may have been
      // applied before: `written: 'no'` would be wrong.
      return send(() => connection.run('text', text, names, args)).catch((second: unknown) => {
        throw isRecruitOAuthError(second) ? Object.assign(second, { written: undefined }) : second
      })
    }
  }
  const run = async (
    script: Script,
    names: string[],
    args: string[],
  ): Promise<readonly string[]> => {
    try {
      const answer = await withinTimeLimit(async (send) => {
        if (!isChecked) await check(send)
        return evaluate(send, script, names, args)
      })
      return (answer as unknown[]).map(asText)
    } catch (error) {
      throw toStoreError(error)
    }
  }

  return {
    async read(id) {
      const [seconds, microseconds, facts, envelope] = await run(
        read,
        [keys.facts, keys.envelope(id)],
        [id],
      )
      const asOf = epochMs(seconds, microseconds)
      if (facts === undefined || envelope === undefined) return { asOf }
      const { call: _call, ...members } = JSON.parse(facts) as Facts
      return { asOf, record: { ...members, envelope } }
    },
    async write(id, next, expected) {
      const args = [id, expected, next ? factsOf(next) : '', next?.envelope ?? '']
      const [seconds, microseconds, written] = await run(
        write,
        [keys.facts, keys.envelope(id), keys.index],
        args,
      )
      return { written: written === '1', asOf: epochMs(seconds, microseconds) }
    },
    async list(query) {
      const answer = await run(list, [keys.facts, keys.index], rangeOf(query))
      return Array.from({ length: answer.length / 2 }, (_, n): ConnectionSummary => {
        const {
          revision: _revision,
          call: _call,
          ...members
        } = JSON.parse(answer[2 * n + 1] as string) as Facts
        return { id: answer[2 * n] as ConnectionId, ...members }
      })
    },
  }
}

interface Facts extends Omit<ConnectionSummary, 'id'> {
  readonly revision: SealedRecord['revision']
  /** Identifies the write, so that the script recognises a repetition. */
  readonly call: string
}

const factsOf = ({ revision, status, pending, principal, dataCenter }: SealedRecord): string =>
  JSON.stringify({
    revision,
    status,
    pending,
    principal,
    dataCenter,
    call: crypto.randomUUID(),
  } satisfies { [K in keyof Facts]: Facts[K] | undefined })

/** From the reply of TIME: seconds, and the microseconds of the current second. */
const epochMs = (seconds = '', microseconds = ''): EpochMs =>
  Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)

/**
 * Refuses a Redis that evicts keys to free memory: consents would be lost without notice. The
 * `volatile-` policies are accepted, because they spare keys without a time to live. A user without
 * permission for INFO is accepted.
 * @returns whether the check is done, and need not be repeated
 * @throws `configuration-invalid`
 */
const refuseEviction = async (info: () => Promise<unknown>): Promise<boolean> => {
  let text: string
  try {
    text = asText(await info())
  } catch (error) {
    if (isRecruitOAuthError(error)) throw error
    return wordOf(error) === 'NOPERM' || wordOf(error) === 'ERR'
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
