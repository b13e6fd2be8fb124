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
const ownIndex = Number(index)

const { client, close } = await (ownIndex % 2 === 0
  ? ioredis(url, { retryStrategy: () => 20 })
  : nodeRedis(url, { socket: { reconnectStrategy: 20 } }))
const store = redisStore(client)

/** Repeats a command while the server is down. */
const retryWhileUnavailable = async <T>(command: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await command()
    } catch (error) {
      if (!isRecruitOAuthError(error) || error.code !== 'store-unavailable') throw error
      await sleep(10)
    }
  }
}
const readCounts = async (): Promise<[counts: number[], revision: string]> => {
  const { record } = await retryWhileUnavailable(() => store.read('counter'))
  return [
    JSON.parse(record?.envelope ?? '[0,0,0,0,0,0,0,0]') as number[],
    record?.revision ?? 'absent',
  ]
}

const countAll = async (): Promise<void> => {
  let mine = 0
  while (mine < Number(times)) {
    const [before, revision] = await readCounts()
    const next = createRecord({
      principal: `user ${ownIndex}`,
      envelope: JSON.stringify(before.with(ownIndex, mine + 1)),
    })
    const response = await store.write('counter', next, revision).catch(() => undefined)
    if (response?.written === false) continue
    // The outcome of a rejected write is unknown; the stored count shows it.
    if (response === undefined && (await readCounts())[0][ownIndex] === mine) continue
    mine += 1
    await sendEvent(mine)
  }
  close()
}

const commands = { countAll }
export type WorkerCommands = typeof commands

serveParent(commands)
