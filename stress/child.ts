import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { TestContext } from './experiment.ts'
import { endWithUs } from './reaper.ts'

/** Another process, which answers orders: see `obey`. */
export interface Process {
  readonly child: ChildProcess
  /** Rejects with what the command failed with, or when the process ends before it answers. */
  ask<T>(command: unknown): Promise<T>
  /** Each word that it says without being asked. */
  onWord(listen: (word: unknown) => void): void
  /** Resolves with the signal that ended it, or its exit code. */
  readonly ended: Promise<NodeJS.Signals | number>
}

interface Answer {
  readonly number: number
  readonly value?: unknown
  readonly error?: string
}

/** A process starts in a third of the time where its sources were compiled before. */
export const compiledBefore = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)),
}

/** Runs a module of ours in another process; it ends with the part, also where it was stopped. */
export const startProcess = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  module: URL,
  settings: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<Process> => {
  const child = fork(fileURLToPath(module), [JSON.stringify(settings)], {
    execArgv: ['--conditions=@zrecruit/source', '--disable-warning=ExperimentalWarning'],
    env: { ...process.env, ...compiledBefore, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(
    ([code, signal]) => (signal ?? code) as NodeJS.Signals | number,
  )
  endWithUs(child)
  atEnd(async () => {
    child.kill('SIGKILL')
    await ended
  })

  const waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >()
  const listeners: ((word: unknown) => void)[] = []
  let numbers = 0
  child.on('message', (message: Answer | { word: unknown }) => {
    if ('word' in message) return listeners.forEach((listen) => listen(message.word))
    const asked = waiting.get(message.number)
    waiting.delete(message.number)
    if (message.error === undefined) asked?.resolve(message.value as never)
    else asked?.reject(new Error(message.error))
  })
  void ended.then((how) =>
    waiting.forEach(({ reject }) => reject(new Error(`the process ended: ${how}`))),
  )

  const started: Process = {
    child,
    ended,
    onWord: (listen) => void listeners.push(listen),
    ask: (command) =>
      new Promise((resolve, reject) => {
        waiting.set(++numbers, { resolve, reject })
        child.send({ number: numbers, command }, (error) => error && reject(error))
      }),
  }
  await started.ask(undefined)
  return started
}

/** In the other process: answers each command by `work`. It ends with whoever started it. */
export const obey = <Command>(work: (command: Command) => Promise<unknown>): void => {
  flushCompileCache() // Most of these processes do not live to do so at their end.
  process.on('disconnect', () => process.exit())
  process.on('message', ({ number, command }: { number: number; command?: Command }) => {
    const done = command === undefined ? Promise.resolve() : work(command)
    done.then(
      (value) => send({ number, value }),
      (error: unknown) =>
        send({
          number,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    )
  })
}

/** In the other process: a word that nobody asked for. */
export const say = (word: unknown): void => send({ word })

/** Nobody listens any more where the other side ended: then this process ends, too. */
const send = (message: Answer | { readonly word: unknown }): void =>
  void process.send?.(message, undefined, {}, () => {})

/** In the other process: what `startProcess` was given. */
export const settingsOf = <T>(): T => JSON.parse(process.argv[2] ?? 'null') as T
