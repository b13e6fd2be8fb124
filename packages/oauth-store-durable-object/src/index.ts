export { durableObjectStore, type DurableObjectStore } from './store/durable-object-store.ts'
export {
  zohoConnection,
  type AccessTokenResult,
  type ZohoConnection,
} from './store/zoho-connection.ts'
export { zohoConnectionObject, type StoreObject } from './object/zoho-connection-object.ts'
export type { ConnectionNamespace } from './cloudflare.ts'
