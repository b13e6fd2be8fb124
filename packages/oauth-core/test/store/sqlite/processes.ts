import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Order } from './worker.ts'

/** Starts another process; it ends with its test. */
export const startWorker = async (): Promise<ChildProcess> => {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: ['--conditions=@zrecruit/source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  onTestFinished(() => void worker.kill('SIGKILL'))
  await once(worker, 'message')
  return worker
}

/** Gives an order and answers with what the process says to it next. */
export const tell = async (worker: ChildProcess, order: Order): Promise<unknown> => {
  const answer = once(worker, 'message')
  worker.send(order)
  return (await answer)[0]
}
