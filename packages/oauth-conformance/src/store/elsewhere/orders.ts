import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionStore,
  type ErrorCode,
  type ListQuery,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/** A command to a store that is elsewhere; JSON. */
export type StoreOrder =
  | { readonly do: 'read'; readonly id: string }
  | {
      readonly do: 'write'
      readonly id: string
      readonly next?: SealedRecord | undefined
      readonly expected: Revision | 'absent'
    }
  | { readonly do: 'list'; readonly query: ListQuery }

/** What it answered; JSON. An error without a code is none of ours. */
export type StoreAnswer =
  | { readonly value: unknown }
  | { readonly error: { readonly code?: ErrorCode; readonly what: string; readonly cure?: string } }

/** Where the store is: does what the order says, and puts the answer or the error into words. */
export const obey = async (store: ConnectionStore, order: StoreOrder): Promise<StoreAnswer> => {
  try {
    if (order.do === 'read') return { value: await store.read(order.id) }
    if (order.do === 'write')
      return { value: await store.write(order.id, order.next, order.expected) }
    return { value: await store.list(order.query) }
  } catch (error) {
    if (!isRecruitOAuthError(error)) return { error: { what: String(error) } }
    const { code, message, cure } = error
    return { error: { code, what: message.slice(0, -cure.length - 1), cure } }
  }
}

/** Where the case is: a store whose commands are carried there by `send`. */
export const storeOver = (send: (order: StoreOrder) => Promise<StoreAnswer>): ConnectionStore => {
  const ask = async <T>(order: StoreOrder): Promise<T> => {
    const answer = await send(order)
    if ('value' in answer) return answer.value as T
    const { code, what, cure } = answer.error
    throw code === undefined
      ? new Error(what)
      : new RecruitOAuthError(code, { what, ...(cure !== undefined && { cure }) })
  }
  return {
    read: (id) => ask({ do: 'read', id }),
    write: (id, next, expected) => ask({ do: 'write', id, next, expected }),
    list: (query) => ask({ do: 'list', query }),
  }
}
