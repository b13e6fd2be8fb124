import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * A server that ends with the process that started it, however that process ends. A shell between
 * them reads a pipe from that process. The kernel closes the pipe, and then the shell kills the
 * server.
 */
export interface Guarded {
  readonly pid: number
  /** Sends SIGKILL to the server, and resolves when it has ended. Its directory is kept. */
  kill(): Promise<void>
  /** As `kill`, but also removes the directory. It may be called again. */
  remove(): Promise<void>
}

// The server is the shell's child, so no other process can get its pid before `wait`.
const guard = `trap '' HUP INT TERM
directory=$1; shift
"$@" < /dev/null > "$directory/log" 2>&1 &
echo $!
read -r word
kill -KILL $! 2> /dev/null
wait
[ "$word" = keep ] || rm -rf "$directory"`

/**
 * Starts a server program that stays in the foreground. Its output goes to the file `log` in its
 * directory.
 */
export const startGuarded = async (
  directory: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Guarded> => {
  const shell = spawn('/bin/sh', ['-c', guard, 'guard', directory, command, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true, // Its own process group, so that Ctrl-C does not reach it.
    env: { ...process.env, ...env },
  })
  const exited = once(shell, 'exit')
  shell.stdin.on('error', () => undefined) // The shell can end first.
  const [line] = (await once(shell.stdout.setEncoding('utf8'), 'data')) as [string]
  // A process that forgets to stop the server can still end, and the server ends with it.
  shell.unref()
  const end = async (word: string) => {
    shell.ref()
    shell.stdin.end(word)
    await exited
  }
  return { pid: Number(line), kill: () => end('keep\n'), remove: () => end('remove\n') }
}
