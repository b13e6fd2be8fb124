/**
 * For a child process, or another runtime, that opens the store under test: it receives the
 * commands of the suite and executes them on the store. Nothing here imports a `node:` module, so
 * every runtime can load it. `serveStore` needs the IPC channel of Node's `fork`; elsewhere, use
 * `executeCommand`.
 */
export { executeCommand, type StoreResult, type StoreCommand } from './store/remote/commands.ts'
export { serveStore } from './store/remote/serve.ts'
