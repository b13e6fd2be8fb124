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
export type StoreCommand =
  | { readonly do: 'read'; readonly id: string }
  | {
      readonly do: 'write'
      readonly id: string
      readonly next?: SealedRecord | undefined
      readonly expected: Revision | 'absent'
    }
  | { readonly do: 'list'; readonly query: ListQuery }

/** What it answered; JSON. An error without a code is none of ours. */
export type StoreResult =
  | { readonly value: unknown }
  | {
      readonly error: {
        readonly code?: ErrorCode
        readonly summary: string
        readonly hint?: string
      }
    }

/** Where the store is: does summary the order says, and puts the answer or the error into words. */
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
    if (!isRecruitOAuthError(error)) return { error: { summary: String(error) } }
    const { code, message, hint } = error
    return { error: { code, summary: message.slice(0, -hint.length - 1), hint } }
  }
}

/** Where the case is: a store whose commands are carried there by `send`. */
export const storeOver = (send: (order: StoreCommand) => Promise<StoreResult>): ConnectionStore => {
  const ask = async <T>(order: StoreCommand): Promise<T> => {
    const answer = await send(order)
    if ('value' in answer) return answer.value as T
    const { code, summary, hint } = answer.error
    throw code === undefined
      ? new Error(summary)
      : new RecruitOAuthError(code, { summary, ...(hint !== undefined && { hint }) })
  }
  return {
    read: (id) => ask({ do: 'read', id }),
    write: (id, next, expected) => ask({ do: 'write', id, next, expected }),
    list: (query) => ask({ do: 'list', query }),
  }
}
