/**
 * For the other process, or the other runtime, where a store under test is opened; without anything
 * of `node:`.
 */
export { executeCommand, type StoreResult, type StoreCommand } from './store/elsewhere/orders.ts'
export { serveStore } from './store/elsewhere/serve.ts'
