import { spawn, type ChildProcess } from 'node:child_process'

// A shell reads which processes run; when its pipe closes, because this process is gone, it kills
// those that are left. One that is stopped by SIGSTOP would never see by itself that it was left
// alone.
const script = `pids=" "
while read -r word pid; do
  case $word in
    runs) pids="$pids$pid " ;;
    ended) pids=$(printf %s "$pids" | sed "s/ $pid / /") ;;
  esac
done
[ "$pids" = " " ] || kill -KILL $pids`

let warden: ChildProcess | undefined

/** From now on the child ends with this process, however that one ends. */
export const endWithUs = (child: ChildProcess): void => {
  if (!warden) {
    warden = spawn('/bin/sh', ['-c', script], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    warden.unref()
    warden.stdin?.on('error', () => {})
    ;(warden.stdin as unknown as { unref(): void }).unref()
  }
  const pipe = warden.stdin
  pipe?.write(`runs ${child.pid}\n`)
  child.once('exit', () => pipe?.write(`ended ${child.pid}\n`))
}
