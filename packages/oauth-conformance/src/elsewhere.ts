/**
 * For the other process, or the other runtime, where a store under test is opened; without anything
 * of `node:`.
 */
export { obey, type StoreAnswer, type StoreOrder } from './store/elsewhere/orders.ts'
export { serveStore } from './store/elsewhere/serve.ts'
