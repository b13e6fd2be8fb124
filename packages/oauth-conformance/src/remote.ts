/**
 * The exports for another process or runtime that opens the store. They import no `node:` module.
 */
export { executeCommand, type StoreResult, type StoreCommand } from './store/remote/commands.ts'
export { serveStore } from './store/remote/serve.ts'
