import {
  createRecruitOAuth,
  RecruitOAuthError,
  storedId,
  type ConnectionId,
  type ConnectionStore,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { ObjectState } from '../cloudflare.ts'
import type { DurableObjectStore } from '../store/durable-object-store.ts'
import type { ConnectionActor } from './connection-actor.ts'

/**
 * Core's client, at home in the object: what it shares in a process (one refresh for all who ask)
 * is shared by everybody who asks the object.
 */
export interface HostedClient {
  /** @throws `configuration-invalid`: the class was made with the options of another client */
  checkClient(clientId: string): void
  accessToken(id: ConnectionId): Promise<string>
  /** Once for all who ask while it is under way. */
  revoke(id: ConnectionId): Promise<void>
  /**
   * Takes up what was left undone. A revocation that is under way already is waited for, as a
   * caller's waits for this one's.
   */
  finish(): Promise<void>
}

export const hostedClient = (
  options: RecruitOAuthOptions<never>,
  state: ObjectState,
  room: ConnectionActor,
): HostedClient => {
  const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
  // The one row, whoever is asked for: under another connection's id it does not open.
  const store: ConnectionStore = {
    read: async () => room.read(),
    write: async (id, next, expected) => room.write(id, next, expected, true),
    list: async ({ after = '' }) => room.list().filter(({ id }) => id > after),
  }
  const client = createRecruitOAuth<never>({ ...options, store, waitUntil })
  let [revoking, finishing]: Promise<void>[] = []
  const revoke = async (id: ConnectionId) => {
    await finishing
    await client.connection(id).revoke()
  }
  const finish = async () => {
    await revoking?.catch(() => {})
    // Core would pass over a row of another client, and nobody would learn that it stays
    // pending.
    const prefix = await storedId(options.clientId, '')
    if (room.list().some(({ id }) => !id.startsWith(prefix))) throw anotherClient()
    const {
      failed: [failure],
    } = await client.recover()
    if (failure) throw failure.error
  }
  return {
    checkClient(clientId) {
      if (clientId !== options.clientId) throw anotherClient()
    },
    accessToken: (id) => client.connection(id).accessToken(),
    revoke: (id) => (revoking ??= revoke(id).finally(() => (revoking = undefined))),
    finish: () => (finishing ??= finish().finally(() => (finishing = undefined))),
  }
}

const anotherClient = () =>
  new RecruitOAuthError('configuration-invalid', {
    summary: "This Durable Object class was made with another `clientId` than the connection's.",
    hint:
      'Give each client a class and a binding of its own, and pass the same `clientId` to ' +
      'zohoConnectionObject, to the Worker and to zohoConnection.',
  })

/** The store that the app gave, which knows the way to the index. */
export const storeIn = ({ store }: RecruitOAuthOptions<never>): DurableObjectStore => {
  if (store && 'tell' in store) return store as DurableObjectStore
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'The option `store` of the Durable Object is not the durableObjectStore.',
    hint:
      'Pass zohoConnectionObject the options that the Worker itself uses, with store: ' +
      'durableObjectStore(env.…).',
  })
}
