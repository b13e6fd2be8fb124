import { startProcess, type Process } from './child.ts'
import type { TestContext } from './experiment.ts'
import type { Operation, OperationResult, TargetSettings } from './target-process.ts'

const targetModule = new URL('target-process.ts', import.meta.url)

/** Runs an operation once without interruption. Resolves with the names of its steps. */
export const recordSteps = async (
  context: TestContext,
  settings: TargetSettings,
  operation: Operation,
): Promise<readonly string[]> => {
  const process = await startProcess(context, targetModule, settings)
  const { outcome, steps } = await process.request<OperationResult>(operation)
  await process.stop()
  if (outcome !== 'ok') throw new Error(`${operation.verb} failed: ${outcome}`)
  return steps
}

/** A process that receives a signal in the middle of an operation. */
export interface TargetProcess {
  /**
   * Resolves when the first write is acknowledged or when the process reaches its step. A refresh
   * holds the lease after the first write.
   */
  readonly firstWrite: Promise<void>
  /** Resolves when the signal took effect, with the instant in ms as of `performance.now()`. */
  readonly signaled: Promise<number>
  /** The result of the operation. It rejects if the process was killed. */
  readonly result: Promise<OperationResult>
  readonly process: Process
}

/** Starts a process that sends itself SIGKILL or SIGSTOP when its operation reaches a step. */
export const startTargetProcess = async (
  context: TestContext,
  settings: Pick<TargetSettings, 'location' | 'zoho'>,
  at: NonNullable<TargetSettings['at']>,
  operation: () => Promise<Operation>,
): Promise<TargetProcess> => {
  const targetSettings: TargetSettings = { ...settings, at }
  const process = await startProcess(context, targetModule, targetSettings)
  const atStep = nextEvent(process, 'at-step')
  const firstWrite = Promise.race([nextEvent(process, 'first-write'), atStep])
  const result = process.request<OperationResult>(await operation())
  result.catch(() => {}) // Rejects when the process is killed.
  const missedStep = result.then(
    ({ outcome }) => Promise.reject(new Error(`the process never reached ${at.step}: ${outcome}`)),
    () => new Promise<never>(() => {}),
  )
  const killed = process.exited.then(({ code, signal }) => {
    if (signal !== at.signal) throw new Error(`the process ended by itself: ${signal ?? code}`)
  })
  const stopped = at.signal === 'SIGSTOP' ? [atStep] : []
  const signaled = Promise.race([missedStep, killed, ...stopped]).then(() => performance.now())
  return { process, result, firstWrite, signaled }
}

const nextEvent = (process: Process, name: string): Promise<void> =>
  new Promise((resolve) => process.onEvent((event) => event === name && resolve()))
