import { sendEvent, serveParent, startChild, type Child } from '@zrecruit/testing/processes'
import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { TestContext } from './experiment.ts'

/** Another process, which executes commands: see `serveCommands`. */
export interface Process extends Omit<Child<ProcessHandlers>, 'request'> {
  /** Rejects with the error of the command, or with a `ChildExited`. */
  request<T>(command: unknown): Promise<T>
}

type ProcessHandlers = { readonly execute: (command: unknown) => unknown }

/** With a compile cache a process starts in a third of the time. */
export const compileCacheEnv = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)),
}

/**
 * Starts a module of this package as a child process. It is killed at the end of the experiment.
 * @param settings JSON that `readSettings` returns in the child
 */
export const startProcess = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  module: URL,
  settings: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<Process> => {
  const child = await startChild<ProcessHandlers>(module, {
    args: [JSON.stringify(settings)],
    env: { ...compileCacheEnv, ...env },
  })
  atEnd(async () => {
    child.kill('SIGKILL')
    await child.exited
  })
  return {
    ...child,
    request: <T>(command: unknown) => child.request('execute', command) as Promise<T>,
  }
}

/** In the child: executes each command of the parent. */
export const serveCommands = <Command>(execute: (command: Command) => Promise<unknown>): void => {
  flushCompileCache() // Most children are killed, so they cannot do this when they end.
  serveParent({ execute })
}

/** In the child: the settings that `startProcess` received. */
export const readSettings = <T>(): T => JSON.parse(process.argv[2] ?? 'null') as T

export { sendEvent }
