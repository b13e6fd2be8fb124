import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionId,
  type ListQuery,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { ObjectState } from '../cloudflare.ts'
import { type IndexUpdate, type RpcResult, type StoreObject } from '../protocol/messages.ts'
import { createIndexTable } from '../sql/index-table.ts'
import { createConnectionActor } from './connection-actor.ts'
import {
  createHostedClient,
  requireDurableObjectStore,
  type HostedClient,
} from './hosted-client.ts'

export type { StoreObject } from '../protocol/messages.ts'

// TypeScript requires `any[]` for the constructor of a mixin class.
// oxlint-disable-next-line typescript/no-explicit-any
type DurableObjectClass = abstract new (...args: any[]) => object
// oxlint-disable-next-line typescript/no-explicit-any
type StoreObjectClass = abstract new (...args: any[]) => StoreObject

/**
 * The class of the Durable Objects behind `durableObjectStore`. Each object is one connection, or
 * the index of all connections. Export a class that extends it, and list that class in the wrangler
 * file under `new_sqlite_classes`:
 *
 *     export class ZohoConnections extends zohoConnectionObject(DurableObject, optionsFor) {}
 *
 * @param base `DurableObject` of `cloudflare:workers`
 * @param optionsFor returns the Worker's options for an `env`. The object needs them to
 * refresh and revoke tokens. A Worker with several clients has a class and a binding for each
 */
export const zohoConnectionObject = <Base extends DurableObjectClass, Env>(
  base: Base,
  optionsFor: (env: Env) => RecruitOAuthOptions<never>,
): Base & StoreObjectClass => {
  abstract class ZohoConnectionObject extends base implements StoreObject {
    readonly #connection
    readonly #index
    readonly #client: () => HostedClient

    // oxlint-disable-next-line typescript/no-explicit-any
    constructor(...args: any[]) {
      super(...args)
      const [state, env] = args as [ObjectState, Env]
      let resolvedOptions: RecruitOAuthOptions<never> | undefined
      let client: HostedClient | undefined
      const optionsOnce = () => (resolvedOptions ??= optionsFor(env))
      this.#client = () => (client ??= createHostedClient(optionsOnce(), state, this.#connection))
      this.#index = createIndexTable(state.storage)
      this.#connection = createConnectionActor(state.storage, {
        publish: async (update) =>
          logFailure('An update of the index', async () =>
            requireDurableObjectStore(optionsOnce()).publish(update),
          ),
        finishPendingWork: async () =>
          logFailure('Pending work', async () => this.#client().finishPendingWork()),
        onWriteByWorker: () => (client = undefined),
      })
    }

    async read() {
      return this.#connection.read()
    }
    async write(...[id, next, expected]: Parameters<StoreObject['write']>) {
      return this.#connection.write(id, next, expected)
    }
    // In `accessToken` and `revoke`, the caller passes the id. Core decrypts the record with this
    // id, so it refuses a record that was copied from the object of another connection.
    async accessToken(id: ConnectionId, clientId: string) {
      return toRpcResult(async () => {
        const client = this.#client()
        client.checkClientId(clientId)
        const accessToken = await client.accessToken(id)
        const { record } = this.#connection.read()
        // The record was removed while the token was requested.
        if (!record?.dataCenter) throw new RecruitOAuthError('not-connected')
        return { accessToken, dataCenter: record.dataCenter }
      })
    }
    async revoke(id: ConnectionId, clientId: string) {
      return toRpcResult(async () => {
        const client = this.#client()
        client.checkClientId(clientId)
        await client.revoke(id)
      })
    }
    async alarm() {
      await this.#connection.alarm()
    }
    async applyUpdate(update: IndexUpdate) {
      this.#index.applyUpdate(update, Date.now())
    }
    async list(query: ListQuery) {
      return this.#index.list(query)
    }
  }
  return ZohoConnectionObject
}

const toRpcResult = async <T>(work: () => Promise<T>): Promise<RpcResult<T>> => {
  try {
    return { value: await work() }
  } catch (error) {
    if (isRecruitOAuthError(error)) return { error: error.toJSON() }
    throw error
  }
}

/**
 * Logs an error, because an alarm has no caller that would report it, and throws it again, so that
 * the task is repeated. A `revocation-failed` is not logged, because Zoho's temporary failures are
 * normal.
 */
const logFailure = async (task: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!isRecruitOAuthError(error))
      console.error(`[zrecruit] ${task} failed and will be repeated.`)
    else if (error.code !== 'revocation-failed')
      console.error(`[zrecruit] ${task} failed and will be repeated. ${error.message}`)
    throw error
  }
}
