/**
 * One of eight processes, for the tests: connects, waits for a message, then counts in its place of
 * the record `counter` by compare-and-set, and reports each number that it knows to be written.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'
import { redisStore } from '../src/index.ts'
import { ioredis, nodeRedis } from './settings.ts'

const [url, place, times] = process.argv.slice(2) as [string, string, string]
const me = Number(place)

const { client, close } = await (me % 2 === 0
  ? ioredis(url, { retryStrategy: () => 20 })
  : nodeRedis(url, { socket: { reconnectStrategy: 20 } }))
const store = redisStore(client)
process.send?.('connected')
await once(process, 'message')

/** While the server is away, again. What a rejected write did is not known; the record knows. */
const patiently = async <T>(command: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await command()
    } catch (error) {
      if (!isRecruitOAuthError(error) || error.code !== 'store-unavailable') throw error
      await sleep(10)
    }
  }
}
const counts = async (): Promise<[counts: number[], revision: string]> => {
  const { record } = await patiently(() => store.read('counter'))
  return [
    JSON.parse(record?.envelope ?? '[0,0,0,0,0,0,0,0]') as number[],
    record?.revision ?? 'absent',
  ]
}

for (let mine = 0; mine < Number(times);) {
  const [before, revision] = await counts()
  const next = createRecord({
    principal: `user ${me}`,
    envelope: JSON.stringify(before.with(me, mine + 1)),
  })
  const answer = await store.write('counter', next, revision).catch(() => undefined)
  if (answer?.written === false) continue
  if (answer === undefined && (await counts())[0][me] === mine) continue
  process.send?.(++mine)
}
close()
process.disconnect()
