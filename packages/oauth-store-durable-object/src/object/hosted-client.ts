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
 * Core's client inside the object. Core shares a refresh among the callers in one process, so here
 * all callers of the object share it.
 */
export interface HostedClient {
  /** @throws `configuration-invalid`: the class has the options of another client */
  checkClient(clientId: string): void
  accessToken(id: ConnectionId): Promise<string>
  /** Concurrent calls share one revocation. */
  revoke(id: ConnectionId): Promise<void>
  /** Finishes pending work. This method and `revoke` never run at the same time. */
  finishPendingWork(): Promise<void>
}

export const createHostedClient = (
  options: RecruitOAuthOptions<never>,
  state: ObjectState,
  actor: ConnectionActor,
): HostedClient => {
  const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
  // The object has only one record, so `read` ignores the id. With the id of another connection,
  // core cannot decrypt the record.
  const store: ConnectionStore = {
    read: async () => actor.read(),
    write: async (id, next, expected) => actor.write(id, next, expected, true),
    list: async ({ after = '' }) => actor.list().filter(({ id }) => id > after),
  }
  const client = createRecruitOAuth<never>({ ...options, store, waitUntil })
  let revoking: Promise<void> | undefined
  let finishing: Promise<void> | undefined
  const revoke = async (id: ConnectionId) => {
    await finishing
    await client.connection(id).revoke()
  }
  const finishPendingWork = async () => {
    await revoking?.catch(() => {})
    // Core would skip a row of another client, and its pending work would never be reported.
    const prefix = await storedId(options.clientId, '')
    if (actor.list().some(({ id }) => !id.startsWith(prefix))) throw clientMismatch()
    const {
      failed: [failure],
    } = await client.recover()
    if (failure) throw failure.error
  }
  return {
    checkClient(clientId) {
      if (clientId !== options.clientId) throw clientMismatch()
    },
    accessToken: (id) => client.connection(id).accessToken(),
    revoke: (id) => (revoking ??= revoke(id).finally(() => (revoking = undefined))),
    finishPendingWork: () =>
      (finishing ??= finishPendingWork().finally(() => (finishing = undefined))),
  }
}

const clientMismatch = () =>
  new RecruitOAuthError('configuration-invalid', {
    summary: 'This Durable Object class has another `clientId` than the connection.',
    hint:
      'Give each client its own class and binding, and pass the same `clientId` to ' +
      'zohoConnectionObject, to the Worker and to zohoConnection.',
  })

/** The app's store, which can reach the index. */
export const durableObjectStoreOf = ({ store }: RecruitOAuthOptions<never>): DurableObjectStore => {
  if (store && 'publish' in store) return store as DurableObjectStore
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'The option `store` of the Durable Object is not the durableObjectStore.',
    hint:
      'Pass zohoConnectionObject the same options as the Worker uses, with store: ' +
      'durableObjectStore(env.…).',
  })
}
