/**
 * For the other process, or the other runtime, where a store under test is opened; without anything
 * of `node:`.
 */
export { executeCommand, type StoreResult, type StoreCommand } from './store/remote/commands.ts'
export { serveStore } from './store/remote/serve.ts'
