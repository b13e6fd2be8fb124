export { connected } from './connected.ts'
export { problem } from './problem.ts'
export { handle } from './routes.ts'
export type { Visit } from './visit.ts'
