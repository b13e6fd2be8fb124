import {
  isRecruitOAuthError,
  type ConnectionId,
  type ConnectionStore,
  type ConnectionSummary,
  type EpochMs,
  type SealedRecord,
} from '@zrecruit/oauth-core'
import { connectionTo, type RedisClient } from './client.ts'
import { refuseEviction } from './eviction.ts'
import { createTimeLimit, type Send } from './time-limit.ts'
import { keysOf, rangeOf } from './keys.ts'
import { list, read, write, type Script } from './scripts.ts'
import { asText } from './text.ts'
import { toStoreError, wordOf } from './errors.ts'

export interface RedisStoreOptions {
  /**
   * The keys are `{<prefix>}:…`. Two apps, or two environments, on one Redis need two. Without it:
   * `zrecruit`.
   */
  readonly prefix?: string
  /**
   * Use a Redis whose `maxmemory-policy` is an `allkeys-` one. It drops keys when its memory is
   * full: a consent that was dropped is asked for again.
   */
  readonly dangerouslyAllowEviction?: boolean
}

/**
 * Connections in Redis 6.2 or newer, or Valkey, by the app's own client. Each command is one
 * script, atomic on the server, and answered within a second or rejected; nothing is sent while the
 * client is not connected.
 *
 * An acknowledged write is as durable as the server makes it: see the package's README.
 * @param client node-redis with `disableOfflineQueue: true`, or ioredis with `enableOfflineQueue:
 * false`
 * @throws RecruitOAuthError `configuration-invalid`: it is another thing, or keeps commands for
 * later
 */
export const redisStore = (
  client: RedisClient,
  { prefix = 'zrecruit', dangerouslyAllowEviction = false }: RedisStoreOptions = {},
): ConnectionStore => {
  const connection = connectionTo(client)
  const keys = keysOf(prefix)
  const whole = createTimeLimit(connection.whyNot)
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
      // A client that was connected again may have sent the first one twice: it can have been
      // applied before.
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
      const answer = await whole(async (send) => {
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
  /** Of the write, by which the script knows it when it comes again. */
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

/** TIME: seconds, and microseconds beside them. */
const epochMs = (seconds = '', microseconds = ''): EpochMs =>
  Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
