import { RecruitOAuthError, type ConnectionId } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { ConnectionObject } from '../protocol/messages.ts'

/**
 * The name of a connection's object. The prefix keeps it different from the index's name.
 * @param id as core passes it to the store, with the client's prefix
 */
export const nameOf = (id: ConnectionId): string => `c:${id}`
export const indexName = 'index'

/**
 * Returns the objects of a namespace. Each call uses a new stub, because a stub that failed once
 * can stay broken.
 * @throws `configuration-invalid`
 */
export const objectsOf = (namespace: ConnectionNamespace): ((name: string) => ConnectionObject) => {
  const binding = namespace as unknown as
    { idFromName(name: string): object; get(id: object): ConnectionObject } | undefined
  if (typeof binding?.idFromName !== 'function')
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The namespace of the Durable Objects is missing or invalid.',
      hint:
        'Pass the binding, such as env.ZOHO_CONNECTIONS, and list it under `durable_objects` in ' +
        'the wrangler file.',
    })
  return (name) => binding.get(binding.idFromName(name))
}
