import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * A server that ends with whoever started it, however that one ends: the shell between them reads a
 * pipe, and the kernel closes it.
 */
export interface Guarded {
  readonly pid: number
  /** SIGKILL to the server. Resolves when it is gone; its directory stays. */
  kill(): Promise<void>
  /** The same, and its directory is removed. Twice is no error. */
  remove(): Promise<void>
}

// The server is the shell's child, so its pid is nobody else's until `wait`.
const guard = `trap '' HUP INT TERM
directory=$1; shift
"$@" < /dev/null > "$directory/log" 2>&1 &
echo $!
read -r word
kill -KILL $! 2> /dev/null
wait
[ "$word" = keep ] || rm -rf "$directory"`

/**
 * Starts a server that stays in the foreground. What it prints is in the file `log` in its
 * directory.
 */
export const startGuarded = async (
  directory: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Guarded> => {
  // Its own process group: Ctrl-C is not for it.
  const shell = spawn('/bin/sh', ['-c', guard, 'guard', directory, command, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, ...env },
  })
  const gone = once(shell, 'exit')
  shell.stdin.on('error', () => undefined) // It ended first.
  const [line] = (await once(shell.stdout.setEncoding('utf8'), 'data')) as [string]
  shell.unref() // A test that forgets to stop a server ends all the same, and the server with it.
  const end = async (word: string) => {
    shell.ref()
    shell.stdin.end(word)
    await gone
  }
  return { pid: Number(line), kill: () => end('keep\n'), remove: () => end('remove\n') }
}
