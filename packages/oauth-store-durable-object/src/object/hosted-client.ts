import { createRecruitOAuth, RecruitOAuthError, type Connection, type ConnectionId, type ConnectionStore, type RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { ObjectState } from '../cloudflare.ts'
import type { DurableObjectStore } from '../store/durable-object-store.ts'
import type { ConnectionRoom } from './connection-room.ts'

/** Core's client, at home in the object: what it shares in a process (one refresh for all who ask) is shared by everybody who asks the object. */
export interface HostedClient {
  accessToken(id: ConnectionId): Promise<string>
  /** Once for all who ask while it is under way: callers and the alarm. */
  revoke(id: ConnectionId): Promise<void>
}

export const hostedClient = (options: RecruitOAuthOptions<never>, state: ObjectState, room: ConnectionRoom, store: DurableObjectStore): HostedClient => {
  const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
  let revoking: Promise<void> | undefined
  const connection = (id: ConnectionId): Connection => {
    const isOwn = (other: ConnectionId) => other === id
    const own: ConnectionStore = {
      ...store,
      read: async (other) => (isOwn(other) ? room.read() : store.read(other)),
      write: async (other, next, expected) => (isOwn(other) ? room.write(other, next, expected, true) : store.write(other, next, expected)),
    }
    return createRecruitOAuth<never>({ ...options, store: own, waitUntil }).connection(id, { waitUntil })
  }
  let only: Connection | undefined
  return {
    accessToken: (id) => (only ??= connection(id)).accessToken(),
    revoke(id) {
      const end = () => (revoking = undefined)
      revoking ??= (only ??= connection(id)).revoke().finally(end)
      return revoking
    },
  }
}

/** The store that the app gave, which knows the way to the index. */
export const storeIn = ({ store }: RecruitOAuthOptions<never>): DurableObjectStore => {
  if (store && 'tell' in store) return store as DurableObjectStore
  throw new RecruitOAuthError('configuration-invalid', {
    what: 'The option `store` of the Durable Object is not the durableObjectStore.',
    cure: 'Pass zohoConnectionObject the options that the Worker itself uses, with store: durableObjectStore(env.…).',
  })
}
