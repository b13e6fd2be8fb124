/**
 * One of eight processes of a test. It counts in its own field of the record `counter` by
 * compare-and-set, and sends each acknowledged number as an event.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { sendEvent, serveParent } from '@zrecruit/testing/processes'
import { createRecord } from '@zrecruit/testing/records'
import { redisStore } from '../src/index.ts'
import { ioredis, nodeRedis } from './settings.ts'

const [url = '', index, times] = process.argv.slice(2)
const me = Number(index)

const { client, close } = await (me % 2 === 0
  ? ioredis(url, { retryStrategy: () => 20 })
  : nodeRedis(url, { socket: { reconnectStrategy: 20 } }))
const store = redisStore(client)

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

const countAll = async (): Promise<void> => {
  let mine = 0
  while (mine < Number(times)) {
    const [before, revision] = await counts()
    const next = createRecord({
      principal: `user ${me}`,
      envelope: JSON.stringify(before.with(me, mine + 1)),
    })
    const answer = await store.write('counter', next, revision).catch(() => undefined)
    if (answer?.written === false) continue
    if (answer === undefined && (await counts())[0][me] === mine) continue
    mine += 1
    await sendEvent(mine)
  }
  close()
}

const commands = { countAll }
export type WorkerCommands = typeof commands

serveParent(commands)
