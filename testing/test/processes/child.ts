import { spawn } from 'node:child_process'
import { sendEvent, serveParent } from '../../processes/index.ts'

// A child for processes.test.ts.
const handlers = {
  add: ({ a, b }: { a: number; b: number }) => a + b,
  slowly: async (value: string) => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return value
  },
  fail: () => {
    throw new TypeError('as requested')
  },
  crash: () => {
    process.stderr.write('the reason of the crash\n')
    process.exit(3)
  },
  /** Sends an event and is killed before it replies. */
  announceAndDie: async () => {
    await sendEvent('last words')
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  },
  /** Starts a grandchild that keeps stdout and stderr open. */
  leaveGrandchild: () => {
    const grandchild = spawn('sleep', ['60'], { stdio: ['ignore', 'inherit', 'inherit'] })
    grandchild.unref()
    return grandchild.pid ?? 0
  },
}
export type TestCommands = typeof handlers
serveParent(handlers)
