import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Kills a process and all its descendants, even in other process groups and sessions. Resolves when
 * they have ended.
 */
export const killTree = async (pid: number): Promise<void> => {
  const tree = stopTree(pid)
  for (const each of tree) signal(each, 'SIGKILL')
  while (tree.some(isAlive)) await sleep(2)
}

/**
 * Asks a process with SIGQUIT to end at once, together with its children. Kills what still runs
 * after five seconds.
 */
export const endTree = async (pid: number): Promise<void> => {
  continueTree(pid)
  signal(pid, 'SIGQUIT')
  for (const giveUpAt = performance.now() + 5_000; isAlive(pid) && performance.now() < giveUpAt;)
    await sleep(5)
  await killTree(pid)
}

/**
 * Stops a process and its descendants with SIGSTOP. A parent is stopped before its children are
 * listed, so that it cannot fork another child in between.
 */
export const stopTree = (root: number): number[] => {
  const tree = [root]
  for (const pid of tree) {
    signal(pid, 'SIGSTOP')
    // The signal takes effect a little later, and until then the process can fork.
    while (!isStoppedOrEnded(pid)) continue
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

const isStoppedOrEnded = (pid: number): boolean => {
  const state = stateOf(pid)
  return state === undefined || /[TtZ]/.test(state)
}

/** False even for a zombie, whose parent has not read its exit code yet. */
const isAlive = (pid: number): boolean => !['Z', 'X', undefined].includes(stateOf(pid))

const stateOf = (pid: number): string | undefined => statOf(pid)?.[0]

/**
 * The fields of /proc/<pid>/stat after the program's name: state, parent, and so on. The name
 * itself can contain spaces and parentheses, so the fields start after the last `)`.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
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
