import { durableObjectStore } from '@zrecruit/oauth-store-durable-object'
import type { ZohoConnections } from './worker.ts'

// An app with Cloudflare's types may write this code. The test is that it compiles.
declare const typed: DurableObjectNamespace<ZohoConnections>
declare const untyped: DurableObjectNamespace

export const stores = [
  durableObjectStore(typed),
  durableObjectStore(untyped),
  durableObjectStore(typed.jurisdiction('eu')),
]
export const response: Promise<{ value: { accessToken: string } } | { error: { code: string } }> =
  typed.getByName('c:acme').accessToken('acme', '1000.CLIENT')

// @ts-expect-error: no binding of objects
durableObjectStore({})
