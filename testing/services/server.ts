import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGuard } from './guard.ts'
import type { User } from './places.ts'
import { continueTree, endTree, killTree, stopTree } from './process-tree.ts'
import type { Service } from './service.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** The directory of this server only, with its log. `stop` removes the directory. */
  readonly base: string
  readonly user: User
  /** The program's environment. Default: an empty one. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether the server answers. */
  isAnswering(): Promise<boolean>
  /** Called after the server has ended, before its directory is removed. */
  cleanUp?(): Promise<void>
}

export type Server = Omit<Service, 'url' | 'directory'> & {
  readonly start: () => Promise<void>
  /** The guard ends this process if the test process ends. */
  readonly watch: (pid: number | undefined) => void
}

/** Controls a server program and all the processes that it forks. `start` starts it. */
export const createServer = ({
  program,
  args,
  base,
  user,
  env = {},
  isAnswering,
  cleanUp,
}: Command): Server => {
  const logFile = join(base, 'log')
  const guard = startGuard(base)
  let current: ChildProcess | undefined

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
    current = child
    guard.watch(child.pid)
    child.unref()
    const giveUpAt = performance.now() + 30_000
    while (!(await Promise.race([isAnswering(), failed]))) {
      if (child.exitCode !== null || child.signalCode !== null || performance.now() > giveUpAt)
        throw new Error(`${program} did not start:\n${readFileSync(logFile, 'utf8')}`)
      await sleep(20)
    }
  }
  const endWith = async (endProcesses: (pid: number) => Promise<void>): Promise<void> => {
    const child = current
    current = undefined
    if (child?.pid === undefined) return
    child.ref()
    const isRunning = child.exitCode === null && child.signalCode === null
    const exited = isRunning ? once(child, 'exit') : undefined
    await endProcesses(child.pid)
    await exited
    guard.watch(undefined)
  }
  const runningPid = (): number => {
    if (current?.pid === undefined) throw new Error(`${program} is not running.`)
    return current.pid
  }
  return {
    start,
    watch: guard.watch,
    kill: () => endWith(killTree),
    restart: start,
    freeze: () => void stopTree(runningPid()),
    thaw: () => continueTree(runningPid()),
    async stop() {
      await endWith(endTree)
      await cleanUp?.()
      await rm(base, { recursive: true, force: true })
      guard.dismiss()
    },
  }
}
