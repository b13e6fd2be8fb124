import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OtherProcess } from '../store-harness.ts'
import { storeOver, type StoreResult } from './commands.ts'
import type { Answered, Asked } from './serve.ts'

/**
 * Another process of Node's on the same data. Its module calls `serveStore(open)`, and `open` gets
 * `data`, which is JSON. It ends by `kill`, or with this process. @throws what `open` threw
 */
export const storeInProcess = async (module: URL, data: unknown): Promise<OtherProcess> => {
  const child = fork(fileURLToPath(module), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const endToo = () => void child.kill('SIGKILL')
  process.once('exit', endToo)

  const waiting = new Map<
    number,
    { resolve(answer: StoreResult): void; reject(error: unknown): void }
  >()
  let [asked, over] = [0, false]
  const end = () => {
    over = true
    process.off('exit', endToo)
    for (const { reject } of waiting.values()) reject(gone())
    waiting.clear()
  }
  void ended.then(end, end)
  child.on('message', ({ number, answer }: Answered) => {
    waiting.get(number)?.resolve(answer)
    waiting.delete(number)
  })

  const ask = (order: Asked['order']) =>
    new Promise<StoreResult>((resolve, reject) => {
      if (over) return reject(gone())
      const number = ++asked
      waiting.set(number, { resolve, reject })
      child.send({ number, order } satisfies Asked, () => {}) // If it is gone, `exit` says so.
    })
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const open = async (clockAheadMs: number) => {
    const answer = await ask({ do: 'open', data, clockAheadMs })
    if ('value' in answer) return
    await kill()
    throw 'failure' in answer ? new Error(answer.failure) : RecruitOAuthError.fromJSON(answer.error)
  }
  await open(0)
  return { store: storeOver(ask), moveClock: open, kill }
}

const gone = () =>
  new RecruitOAuthError('store-unavailable', { summary: 'The other process is gone.' })
