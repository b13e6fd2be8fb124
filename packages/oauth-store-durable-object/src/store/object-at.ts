import { RecruitOAuthError, type ConnectionId } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { StoreObject } from '../protocol/messages.ts'

/**
 * The name of the Durable Object of a connection. It begins with `c:`, so it is never `indexName`.
 * @param id the stored id: the app's id behind a prefix for the client (see core's `storedId`)
 */
export const connectionObjectName = (id: ConnectionId): string => `c:${id}`
export const indexName = 'index'

/**
 * Returns a function that returns the object with a name. Each call of that function creates a new
 * stub, because a stub that failed once can stay broken.
 * @throws `configuration-invalid`
 */
export const objectsOf = (namespace: ConnectionNamespace): ((name: string) => StoreObject) => {
  const binding = namespace as unknown as
    { idFromName(name: string): object; get(id: object): StoreObject } | undefined
  if (typeof binding?.idFromName !== 'function')
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The namespace of the Durable Objects is missing or invalid.',
      hint:
        'Pass the binding, such as env.ZOHO_CONNECTIONS, and list it under `durable_objects` in ' +
        'the wrangler file.',
    })
  return (name) => binding.get(binding.idFromName(name))
}
