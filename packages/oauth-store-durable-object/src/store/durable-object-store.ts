import { isRecruitOAuthError, RecruitOAuthError, type ConnectionStore } from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { Update } from '../protocol/messages.ts'
import { indexName, nameOf, objectsOf } from './object-at.ts'

export interface DurableObjectStore extends ConnectionStore {
  /** The way from a connection's object to the index, for the objects alone. */
  tell(update: Update): Promise<void>
}

/**
 * Connections in Durable Objects: one object a connection, and one that is the index of all. The
 * class behind the binding is made by `zohoConnectionObject`.
 *
 * An acknowledged write is stored durably, and listed; while the index can't be reached, a listing
 * rejects, and what was written meanwhile is in it soon after.
 * @param namespace the binding, such as `env.ZOHO_CONNECTIONS`, or
 * `env.ZOHO_CONNECTIONS.jurisdiction('eu')`
 * @throws RecruitOAuthError `configuration-invalid`: the binding is missing
 */
export const durableObjectStore = (namespace: ConnectionNamespace): DurableObjectStore => {
  const objectAt = objectsOf(namespace)
  // What comes over RPC is copied: the runtime hangs a disposer on it.
  return {
    read: (id) => answered(async () => ({ ...(await objectAt(nameOf(id)).read()) })),
    write: (id, next, expected) =>
      answered(async () => ({ ...(await objectAt(nameOf(id)).write(id, next, expected)) })),
    async list(query) {
      const { limit } = query
      // Asked here: an error of ours would lose its class on the way back.
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RecruitOAuthError('argument-invalid', {
          summary: '`limit` is not an integer from 1 to 1000.',
        })
      return answered(async () => [...(await objectAt(indexName).list(query))])
    },
    tell: async (update) => objectAt(indexName).tell(update),
  }
}

/**
 * An error of the runtime's own can quote what the app's objects say; one of ours says what the
 * caller can do.
 */
const answered = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    throw isRecruitOAuthError(error)
      ? error
      : new RecruitOAuthError('store-unavailable', {
          summary: 'A Durable Object of the store did not answer.',
        })
  }
}
