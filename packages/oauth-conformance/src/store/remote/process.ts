import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OtherProcess } from '../store-harness.ts'
import { storeOver, type StoreResult } from './commands.ts'
import type { ResponseMessage, RequestMessage } from './serve.ts'

/**
 * Starts another Node process on the same data. Its module calls `serveStore(open)`, and `open`
 * receives `data`, which must be JSON. The process ends by `kill` or with this process.
 *
 * @throws {Error} if `open` throws; with the same message
 */
export const storeInProcess = async (module: URL, data: unknown): Promise<OtherProcess> => {
  const child = fork(fileURLToPath(module), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const killChild = () => void child.kill('SIGKILL')
  process.once('exit', killChild)

  const waiting = new Map<
    number,
    { resolve(response: StoreResult): void; reject(error: unknown): void }
  >()
  let lastNumber = 0
  let isEnded = false
  const end = () => {
    isEnded = true
    process.off('exit', killChild)
    for (const { reject } of waiting.values()) reject(processEnded())
    waiting.clear()
  }
  void ended.then(end, end)
  child.on('message', ({ number, result }: ResponseMessage) => {
    waiting.get(number)?.resolve(result)
    waiting.delete(number)
  })

  const call = (command: RequestMessage['command']) =>
    new Promise<StoreResult>((resolve, reject) => {
      if (isEnded) return reject(processEnded())
      const number = ++lastNumber
      waiting.set(number, { resolve, reject })
      // If the process cannot receive the command, `exit` follows and rejects it.
      child.send({ number, command } satisfies RequestMessage, () => {})
    })
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const open = async (clockAheadMs: number) => {
    const response = await call({ do: 'open', data, clockAheadMs })
    if ('value' in response) return
    await kill()
    throw 'failure' in response
      ? new Error(response.failure)
      : RecruitOAuthError.fromJSON(response.error)
  }
  await open(0)
  return { store: storeOver(call), moveClock: open, kill }
}

const processEnded = () =>
  new RecruitOAuthError('store-unavailable', { summary: 'The other process has ended.' })
