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
  /** @throws `configuration-invalid`: the options of the object's class have another `clientId` */
  checkClientId(clientId: string): void
  accessToken(id: ConnectionId): Promise<string>
  /** Concurrent calls share one revocation. */
  revoke(id: ConnectionId): Promise<void>
  /**
   * Finishes a revocation or a code exchange that was begun and not finished. It and `revoke` wait
   * for each other.
   */
  finishPendingWork(): Promise<void>
}

export const createHostedClient = (
  options: RecruitOAuthOptions<never>,
  state: ObjectState,
  actor: ConnectionActor,
): HostedClient => {
  const waitUntil = (work: Promise<unknown>) => state.waitUntil(work)
  // The object has only one record, so `read` ignores the id. This is safe, because core cannot
  // decrypt the record with the id of another connection.
  const store: ConnectionStore = {
    read: async () => actor.read(),
    write: async (id, next, expected) => actor.write(id, next, expected, true),
    list: async ({ after = '' }) => actor.list().filter(({ id }) => id > after),
  }
  const client = createRecruitOAuth<never>({ ...options, store, waitUntil })
  let revoking: Promise<void> | undefined
  let finishing: Promise<void> | undefined
  const revoke = async (id: ConnectionId) => {
    // If the pending work fails, this call fails with the same error.
    await finishing
    await client.connection(id).revoke()
  }
  const finishPendingWork = async () => {
    await revoking?.catch(() => {})
    // `recover` leaves out the row of another OAuth client without an error. Then nobody would
    // learn that the row's work is not finished.
    const prefix = await storedId(options.clientId, '')
    if (actor.list().some(({ id }) => !id.startsWith(prefix))) throw clientMismatch()
    const {
      failed: [failure],
    } = await client.recover()
    if (failure) throw failure.error
  }
  return {
    checkClientId(clientId) {
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

/**
 * Returns the option `store`, which also sends updates to the index.
 * @throws `configuration-invalid`: it was not created by `durableObjectStore`
 */
export const requireDurableObjectStore = ({
  store,
}: RecruitOAuthOptions<never>): DurableObjectStore => {
  if (store && 'publish' in store) return store as DurableObjectStore
  throw new RecruitOAuthError('configuration-invalid', {
    summary: 'The option `store` of zohoConnectionObject was not created by durableObjectStore.',
    hint:
      'Pass zohoConnectionObject the same options as the Worker uses, with store: ' +
      'durableObjectStore(env.…).',
  })
}
