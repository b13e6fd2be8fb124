import { spawn, type ChildProcess } from 'node:child_process'

// A shell that knows the running children. Its standard input ends when this process ends, even by
// SIGKILL. Then the shell kills the remaining children, even a child that SIGSTOP has stopped: such
// a child cannot notice that its parent has ended.
const script = `pids=" "
while read -r event pid; do
  case $event in
    started) pids="$pids$pid " ;;
    ended) pids=$(printf %s "$pids" | sed "s/ $pid / /") ;;
  esac
done
[ "$pids" = " " ] || kill -KILL $pids`

let reaper: ChildProcess | undefined

/** Makes sure that a child ends with this process, however this process ends. */
export const endWithParent = (child: ChildProcess): void => {
  reaper ??= startReaper()
  const pipe = reaper.stdin
  pipe?.write(`started ${child.pid}\n`)
  child.once('exit', () => pipe?.write(`ended ${child.pid}\n`))
}

const startReaper = (): ChildProcess => {
  const shell = spawn('/bin/sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C in a terminal must not end the shell before this process.
    detached: true,
  })
  shell.unref()
  shell.stdin.on('error', () => {})
  // The pipe must not keep this process alive.
  const pipe = shell.stdin as unknown as { unref(): void }
  pipe.unref()
  return shell
}
