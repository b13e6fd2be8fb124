import { startProcess, type Process } from './child.ts'
import type { TestContext } from './experiment.ts'
import type { Operation, Done, TargetSettings } from './target-process.ts'

const module = new URL('target-process.ts', import.meta.url)

/** The steps of a deed, by doing it once to its end. */
export const stepsOf = async (
  bench: TestContext,
  settings: TargetSettings,
  deed: Operation,
): Promise<readonly string[]> => {
  const one = await startProcess(bench, module, settings)
  const { outcome, steps } = await one.ask<Done>(deed)
  one.child.disconnect()
  await one.ended
  if (outcome !== 'ok') throw new Error(`${deed.verb} does not end well: ${outcome}`)
  return steps
}

export interface TargetProcess {
  /**
   * When its first write was acknowledged (of a refresh: it holds the lease), or when it came to
   * its step.
   */
  readonly wrote: Promise<void>
  /** When the signal struck: resolves with the instant, as `performance.now` says it. */
  readonly struck: Promise<number>
  /** What it told in the end, if it lived. */
  readonly done: Promise<Done>
  readonly process: Process
}

/**
 * Starts a process that will not get beyond a step of its deed: by SIGKILL it is dead, by SIGSTOP
 * it stands still.
 */
export const startTargetProcess = async (
  bench: TestContext,
  settings: Pick<TargetSettings, 'place' | 'zoho'>,
  at: NonNullable<TargetSettings['at']>,
  deed: () => Promise<Operation>,
): Promise<TargetProcess> => {
  const one = await startProcess(bench, module, { ...settings, at } satisfies TargetSettings)
  const here = word(one, 'here')
  const wrote = Promise.race([word(one, 'wrote'), here])
  const done = one.ask<Done>(await deed())
  done.catch(() => {}) // It dies.
  const spared = done.then(
    ({ outcome }) => Promise.reject(new Error(`it never came to ${at.step}: ${outcome}`)),
    () => new Promise<never>(() => {}),
  )
  const ended = one.ended.then((how) =>
    how === at.signal ? undefined : Promise.reject(new Error(`it ended by itself: ${how}`)),
  )
  const struck = Promise.race([spared, ended, ...(at.signal === 'SIGSTOP' ? [here] : [])]).then(
    () => performance.now(),
  )
  return { process: one, done, wrote, struck }
}

const word = (one: Process, wanted: string): Promise<void> =>
  new Promise((resolve) => one.onWord((said) => said === wanted && resolve()))
