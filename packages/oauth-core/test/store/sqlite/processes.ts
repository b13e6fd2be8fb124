import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Order } from './worker.ts'

/** Starts another process, which ends with the test. */
export const startWorker = async (): Promise<ChildProcess> => {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: ['--conditions=@zrecruit/source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  await once(worker, 'message')
  return worker
}

/** Sends an order, and resolves with the next message of the process. */
export const sendOrder = async (worker: ChildProcess, order: Order): Promise<unknown> => {
  const answer = once(worker, 'message')
  worker.send(order)
  return (await answer)[0]
}
