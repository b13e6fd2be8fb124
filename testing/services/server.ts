import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { guard } from './guard.ts'
import type { User } from './places.ts'
import { continueTree, endTree, killTree, stopTree } from './process-tree.ts'
import type { Service } from './service.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** Its own: what it writes goes there, and all of it goes at last. */
  readonly base: string
  readonly user: User
  /** Its environment. Default: an empty one. */
  readonly env?: Readonly<Record<string, string>>
  /** Does it answer? */
  answers(): Promise<boolean>
  /** What is to be done when it is gone for good, before its files go. */
  cleanUp?(): Promise<void>
}

export type Server = Omit<Service, 'url' | 'directory'> & {
  readonly start: () => Promise<void>
  readonly watch: (pid: number | undefined) => void
}

/** A program that serves until it is ended, and all the processes that it forks. */
export const server = ({
  program,
  args,
  base,
  user,
  env = {},
  answers,
  cleanUp,
}: Command): Server => {
  const logFile = join(base, 'log')
  const watchman = guard(base)
  let process: ChildProcess | undefined

  const start = async (): Promise<void> => {
    const log = openSync(logFile, 'a')
    const child = spawn(program, args, {
      ...user,
      cwd: base,
      env,
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    process = child
    watchman.watch(child.pid)
    child.unref()
    const giveUpAt = performance.now() + 30_000
    while (!(await Promise.race([answers(), failed]))) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > giveUpAt)
        throw new Error(`${program} did not start:\n${readFileSync(logFile, 'utf8')}`)
      await sleep(20)
    }
  }
  const end = async (how: (pid: number) => Promise<void>): Promise<void> => {
    const child = process
    process = undefined
    if (child?.pid === undefined) return
    child.ref()
    const gone =
      child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
    await how(child.pid)
    await gone
    watchman.watch(undefined)
  }
  const running = (): number => {
    if (process?.pid === undefined) throw new Error(`${program} is not running.`)
    return process.pid
  }
  return {
    start,
    watch: watchman.watch,
    kill: () => end(killTree),
    restart: start,
    freeze: () => void stopTree(running()),
    thaw: () => continueTree(running()),
    async stop() {
      await end(endTree)
      await cleanUp?.()
      await rm(base, { recursive: true, force: true })
      watchman.dismiss()
    },
  }
}
