import {
  errorKindOf,
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionStore,
} from '@zrecruit/oauth-core'
import type { ConnectionNamespace } from '../cloudflare.ts'
import type { IndexUpdate } from '../protocol/messages.ts'
import { connectionObjectName, indexName, objectsOf } from './object-at.ts'

export interface DurableObjectStore extends ConnectionStore {
  /** Sends an update from the object of a connection to the index. Apps do not call this method. */
  publish(update: IndexUpdate): Promise<void>
}

/**
 * Stores connections in Durable Objects: one object for each connection, and one index of all.
 * `zohoConnectionObject` creates the class behind the binding.
 *
 * When `write` resolves, the record is stored durably, and usually listed too. If the index does
 * not confirm within 500 ms, the object of the connection tries again later, and the write is not
 * listed before that. While the index cannot be reached, `list` rejects.
 * @param namespace the binding, such as `env.ZOHO_CONNECTIONS`, or
 * `env.ZOHO_CONNECTIONS.jurisdiction('eu')`
 * @throws RecruitOAuthError `configuration-invalid`: the binding is missing
 */
export const durableObjectStore = (namespace: ConnectionNamespace): DurableObjectStore => {
  const objectAt = objectsOf(namespace)
  // RPC results are copied, because the runtime adds `Symbol.dispose` to them.
  return {
    read: (id) =>
      withStoreError(async () => ({ ...(await objectAt(connectionObjectName(id)).read()) })),
    write: (id, next, expected) =>
      withStoreError(async () => ({
        ...(await objectAt(connectionObjectName(id)).write(id, next, expected)),
      })),
    async list(query) {
      const { limit } = query
      // Checked before the call, because an error from the object would lose its class across RPC.
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RecruitOAuthError('argument-invalid', {
          summary: '`limit` is not an integer from 1 to 1000.',
        })
      return withStoreError(async () => [...(await objectAt(indexName).list(query))])
    },
    publish: async (update) => objectAt(indexName).applyUpdate(update),
  }
}

/**
 * Replaces every error except the library's own by `store-unavailable`, with its class. Its message
 * could quote an exception from inside the object, with secrets.
 */
const withStoreError = async <T>(call: () => Promise<T>): Promise<T> => {
  try {
    return await call()
  } catch (error) {
    if (isRecruitOAuthError(error)) throw error
    const kind = errorKindOf(error)
    const reason = kind === undefined ? '' : `: ${kind}`
    throw new RecruitOAuthError('store-unavailable', {
      summary: `A call to a Durable Object of the store failed${reason}.`,
      dangerousCause: error,
    })
  }
}
