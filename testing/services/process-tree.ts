import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Kills a server and all that it forked, whatever process group or session they are in. Resolves
 * when they are gone.
 */
export const killTree = async (pid: number): Promise<void> => {
  const tree = stopTree(pid)
  for (const each of tree) signal(each, 'SIGKILL')
  while (tree.some(isAlive)) await sleep(2)
}

/**
 * Asks it to end at once and take its own with it; kills what is still there after five seconds.
 */
export const endTree = async (pid: number): Promise<void> => {
  continueTree(pid)
  signal(pid, 'SIGQUIT')
  for (const giveUpAt = performance.now() + 5_000; isAlive(pid) && performance.now() < giveUpAt;)
    await sleep(5)
  await killTree(pid)
}

/** SIGSTOP to all; who forks comes first, so that nothing is born meanwhile. */
export const stopTree = (root: number): number[] => {
  const tree = [root]
  for (const pid of tree) {
    signal(pid, 'SIGSTOP')
    // A signal takes its moment: what it forked in that moment is a child, too.
    while (stateOf(pid) !== undefined && !/[TtZ]/.test(stateOf(pid) ?? '')) continue
    tree.push(...childrenOf(pid))
  }
  return tree
}

export const continueTree = (root: number): void => {
  const tree = [root]
  for (const pid of tree) tree.push(...childrenOf(pid))
  for (const pid of tree.toReversed()) signal(pid, 'SIGCONT')
}

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && statOf(pid)?.[1] === String(parent))

/** Dead is also who is only waiting to be asked for its exit code. */
const isAlive = (pid: number): boolean => !['Z', 'X', undefined].includes(stateOf(pid))

const stateOf = (pid: number): string | undefined => statOf(pid)?.[0]

/**
 * State, parent, and so on: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. The name
 * before them can hold anything.
 */
const statOf = (pid: number): string[] | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
