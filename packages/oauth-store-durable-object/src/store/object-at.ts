import { RecruitOAuthError, type ConnectionId } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { ConnectionObject } from '../protocol/messages.ts'

/**
 * No connection can be named as the index is, whatever its id. @param id as the store gets it: with
 * the client's prefix
 */
export const nameOf = (id: ConnectionId): string => `c:${id}`
export const indexName = 'index'

/**
 * The objects of a namespace. A new stub for each call: one that failed once can stay broken.
 * @throws `configuration-invalid`
 */
export const objectsOf = (namespace: ConnectionNamespace): ((name: string) => ConnectionObject) => {
  const binding = namespace as unknown as
    { idFromName(name: string): object; get(id: object): ConnectionObject } | undefined
  if (typeof binding?.idFromName !== 'function')
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'What was given as the namespace of the Durable Objects is none.',
      hint:
        'Pass the binding, such as env.ZOHO_CONNECTIONS, and name it under `durable_objects` ' +
        'in the wrangler file.',
    })
  return (name) => binding.get(binding.idFromName(name))
}
