import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionStore,
  type ListQuery,
  type RecruitOAuthErrorJson,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/** A command to a store that is elsewhere; JSON. */
export type StoreCommand =
  | { readonly do: 'read'; readonly id: string }
  | {
      readonly do: 'write'
      readonly id: string
      readonly next?: SealedRecord | undefined
      readonly expected: Revision | 'absent'
    }
  | { readonly do: 'list'; readonly query: ListQuery }

/** The result of a command, as JSON. `failure` is the text of an error that is not this library's. */
export type StoreResult =
  | { readonly value: unknown }
  | { readonly error: RecruitOAuthErrorJson }
  | { readonly failure: string }

/** Executes a command where the store is. Errors become JSON. */
export const executeCommand = async (
  store: ConnectionStore,
  order: StoreCommand,
): Promise<StoreResult> => {
  try {
    if (order.do === 'read') return { value: await store.read(order.id) }
    if (order.do === 'write')
      return { value: await store.write(order.id, order.next, order.expected) }
    return { value: await store.list(order.query) }
  } catch (error) {
    return isRecruitOAuthError(error) ? { error: error.toJSON() } : { failure: String(error) }
  }
}

/** Where the case is: a store whose commands are carried there by `send`. */
export const storeOver = (send: (order: StoreCommand) => Promise<StoreResult>): ConnectionStore => {
  const ask = async <T>(order: StoreCommand): Promise<T> => {
    const answer = await send(order)
    if ('value' in answer) return answer.value as T
    throw 'failure' in answer ? new Error(answer.failure) : RecruitOAuthError.fromJSON(answer.error)
  }
  return {
    read: (id) => ask({ do: 'read', id }),
    write: (id, next, expected) => ask({ do: 'write', id, next, expected }),
    list: (query) => ask({ do: 'list', query }),
  }
}
