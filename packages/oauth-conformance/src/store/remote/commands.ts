import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionStore,
  type ListQuery,
  type RecruitOAuthErrorJson,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/** A command to a store in another process or runtime, as JSON. */
export type StoreCommand =
  | { readonly do: 'read'; readonly id: string }
  | {
      readonly do: 'write'
      readonly id: string
      readonly next?: SealedRecord | undefined
      readonly expected: Revision | 'absent'
    }
  | { readonly do: 'list'; readonly query: ListQuery }

/**
 * The result of a command, as JSON. `failure` is the text of an error that is not this library's.
 */
export type StoreResult =
  | { readonly value: unknown }
  | { readonly error: RecruitOAuthErrorJson }
  | { readonly failure: string }

/** Runs a command on the store, and returns the value or the error as JSON. */
export const executeCommand = async (
  store: ConnectionStore,
  command: StoreCommand,
): Promise<StoreResult> => {
  try {
    if (command.do === 'read') return { value: await store.read(command.id) }
    if (command.do === 'write')
      return { value: await store.write(command.id, command.next, command.expected) }
    return { value: await store.list(command.query) }
  } catch (error) {
    return isRecruitOAuthError(error) ? { error: error.toJSON() } : { failure: String(error) }
  }
}

/** A store that passes each command to `send`. Another process runs it with `executeCommand`. */
export const storeOver = (
  send: (command: StoreCommand) => Promise<StoreResult>,
): ConnectionStore => {
  const call = async <T>(command: StoreCommand): Promise<T> => {
    const response = await send(command)
    if ('value' in response) return response.value as T
    throw 'failure' in response
      ? new Error(response.failure)
      : RecruitOAuthError.fromJSON(response.error)
  }
  return {
    read: (id) => call({ do: 'read', id }),
    write: (id, next, expected) => call({ do: 'write', id, next, expected }),
    list: (query) => call({ do: 'list', query }),
  }
}
