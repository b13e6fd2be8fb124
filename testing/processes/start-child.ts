import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Handlers, Input, Message, Request } from './messages.ts'
import { endWithParent } from './reaper.ts'

export interface ChildOptions {
  readonly args?: readonly string[]
  /** Variables that are added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: the options by which a child runs the sources of this workspace. */
  readonly execArgv?: readonly string[]
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child process that answers requests. `Commands` is the type of its handlers. */
export interface Child<Commands extends Handlers> {
  readonly pid: number
  /**
   * Runs a command in the child. Rejects with the error of its handler, or with a `ChildExited` if
   * the child ends before it replies.
   */
  request<Name extends keyof Commands & string>(
    command: Name,
    ...input: Input<Commands[Name]>
  ): Promise<Awaited<ReturnType<Commands[Name]>>>
  /** Calls the listener with each event that the child sends. */
  onEvent(listener: (event: unknown) => void): void
  /** Output that no listener reads is discarded. */
  readonly stdout: Readable
  /** Returns false if the child has ended. */
  kill(signal: NodeJS.Signals): boolean
  /** Closes the channel, so that the child ends, and waits for its end. */
  stop(): Promise<Exit>
  /** Resolves when the child has ended. Its last messages may arrive later. */
  readonly exited: Promise<Exit>
}

/** The child ended before it replied. The message has its exit code or signal, and its stderr. */
export class ChildExited extends Error {
  override readonly name = 'ChildExited'
}

const sourceExecArgv = [
  '--conditions=@zrecruit/source',
  '--disable-warning=ExperimentalWarning',
] as const

/** How long the last messages and the rest of stderr may take after the end of a child. */
const drainMs = 1_000

/**
 * Starts a module as a child process. The module calls `serveParent(handlers)`; this function
 * resolves when it has done so. The child ends with this process.
 *
 * @throws {ChildExited} if the child ends before it is ready
 */
export const startChild = async <Commands extends Handlers>(
  module: URL | string,
  { args = [], env = {}, execArgv = sourceExecArgv }: ChildOptions = {},
): Promise<Child<Commands>> => {
  const path = typeof module === 'string' ? module : fileURLToPath(module)
  const child = fork(path, args, {
    execArgv: [...execArgv],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  endWithParent(child)
  const stdout = child.stdout as Readable
  stdout.resume() // A full pipe would block the child.
  const stderr = collectText(child.stderr as Readable)
  // Not `close`: grandchildren may keep the pipes open after the end of the child.
  const exited: Promise<Exit> = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const { request, isReady, onEvent } = connect(child, exited, stderr)
  await isReady
  return {
    pid: child.pid ?? 0,
    request: request as Child<Commands>['request'],
    onEvent,
    stdout,
    kill: (signal) => child.kill(signal),
    stop() {
      if (child.connected) child.disconnect()
      return exited
    },
    exited,
  }
}

interface PendingRequest {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

const connect = (child: ChildProcess, exited: Promise<Exit>, stderr: CollectedText) => {
  const pending = new Map<number, PendingRequest>()
  const listeners: ((event: unknown) => void)[] = []
  let lastId = 0
  let endError: ChildExited | undefined
  let setReady: () => void
  let failStart: (error: ChildExited) => void
  const isReady = new Promise<void>((resolve, reject) => {
    setReady = resolve
    failStart = reject
  })

  child.on('message', (message: Message) => {
    if (message.type === 'ready') return setReady()
    if (message.type === 'event') {
      for (const listener of listeners) listener(message.event)
      return
    }
    const request = pending.get(message.id)
    pending.delete(message.id)
    if (message.type === 'reply') request?.resolve(message.value)
    else request?.reject(new Error(message.error))
  })

  const disconnected = once(child, 'disconnect')
  const failPending = async () => {
    const { code, signal } = await exited
    // Replies that were sent before the end may still arrive.
    await Promise.race([Promise.all([disconnected, stderr.ended]), sleep(drainMs)])
    const output = stderr.text().trim()
    const reason = signal ?? `exit code ${code}`
    endError = new ChildExited(`the child process ended: ${reason}${output && `\n${output}`}`)
    failStart(endError)
    for (const { reject } of pending.values()) reject(endError)
    pending.clear()
  }
  void failPending()

  return {
    isReady,
    onEvent: (listener: (event: unknown) => void) => void listeners.push(listener),
    request: (command: string, input: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (endError) return reject(endError)
        lastId += 1
        pending.set(lastId, { resolve, reject })
        // If the channel is closed, `failPending` rejects.
        child.send({ id: lastId, command, input } satisfies Request, () => {})
      }),
  }
}

interface CollectedText {
  text(): string
  readonly ended: Promise<unknown>
}

/** The last characters that are kept for an error message. */
const maxText = 10_000

const collectText = (stream: Readable): CollectedText => {
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(-maxText)
  })
  return { text: () => text, ended: once(stream, 'close') }
}
