export type { Handlers } from './messages.ts'
export { endWithParent } from './reaper.ts'
export { sendEvent, serveParent } from './serve-parent.ts'
export { ChildExited, startChild, type Child, type Exit } from './start-child.ts'
