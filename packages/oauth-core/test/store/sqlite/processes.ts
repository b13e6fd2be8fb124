import { startChild, type Child } from '@zrecruit/testing/processes'
import { onTestFinished } from 'vitest'
import type { WorkerCommands } from './worker.ts'

/** Starts another process that uses the store. It ends with its test. */
export const startWorker = async (): Promise<Child<WorkerCommands>> => {
  const worker = await startChild<WorkerCommands>(new URL('worker.ts', import.meta.url))
  onTestFinished(() => void worker.kill('SIGKILL'))
  return worker
}
