import { serveParent, startChild } from '../../processes/index.ts'
import type { TestCommands } from './child.ts'

// A child with a child of its own that is stopped by SIGSTOP.
const child = await startChild<TestCommands>(new URL('child.ts', import.meta.url))
child.kill('SIGSTOP')
const handlers = { childPid: () => child.pid }
export type ParentCommands = typeof handlers
serveParent(handlers)
