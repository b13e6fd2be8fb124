import {
  isRecruitOAuthError,
  type ConnectionId,
  type ListQuery,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { ObjectState } from '../cloudflare.ts'
import { type Answer, type ConnectionObject, type Update } from '../protocol/messages.ts'
import { indexTable } from '../sql/index-table.ts'
import { connectionActor } from './connection-actor.ts'
import { hostedClient, storeIn, type HostedClient } from './hosted-client.ts'

export type { ConnectionObject } from '../protocol/messages.ts'

// What TypeScript asks of a mixin: `any[]`, and nothing else.
// oxlint-disable-next-line typescript/no-explicit-any
type DurableObjectClass = abstract new (...args: any[]) => object
// oxlint-disable-next-line typescript/no-explicit-any
type ConnectionObjectClass = abstract new (...args: any[]) => ConnectionObject

/**
 * The class of the Durable Objects that `durableObjectStore` speaks to: each is one connection, or
 * the index of all. Export a class that extends it, and name that in the wrangler file, among
 * `new_sqlite_classes`:
 *
 *     export class ZohoConnections extends zohoConnectionObject(DurableObject, options) {}
 *
 * @param base `DurableObject` of `cloudflare:workers`
 * @param options those of the Worker, for the environment it is given: the object refreshes and
 * revokes with them. A
 *   Worker with several clients has a class and a binding for each
 */
export const zohoConnectionObject = <Base extends DurableObjectClass, Env>(
  base: Base,
  options: (env: Env) => RecruitOAuthOptions<never>,
): Base & ConnectionObjectClass => {
  abstract class ZohoConnectionObject extends base implements ConnectionObject {
    readonly #room
    readonly #index
    readonly #client: () => HostedClient

    // oxlint-disable-next-line typescript/no-explicit-any
    constructor(...args: any[]) {
      super(...args)
      const [state, env] = args as [ObjectState, Env]
      let given: RecruitOAuthOptions<never> | undefined
      let client: HostedClient | undefined
      const optionsOnce = () => (given ??= options(env))
      this.#client = () => (client ??= hostedClient(optionsOnce(), state, this.#room))
      this.#index = indexTable(state.storage)
      this.#room = connectionActor(state.storage, {
        publish: async (update) =>
          logged('An update of the index', async () => storeIn(optionsOnce()).tell(update)),
        finish: async () =>
          logged('Work that was left undone', async () => this.#client().finish()),
        changed: () => (client = undefined),
      })
    }

    async read() {
      return this.#room.read()
    }
    async write(...given: Parameters<ConnectionObject['write']>) {
      const [id, next, expected] = given
      return this.#room.write(id, next, expected)
    }
    // Who asks says for whom: a record that was put into another connection's object does not open
    // there.
    async accessToken(id: ConnectionId, clientId: string) {
      return answer(async () => {
        const client = this.#client()
        client.checkClient(clientId)
        const accessToken = await client.accessToken(id)
        return { accessToken, dataCenter: this.#room.read().record?.dataCenter ?? '' }
      })
    }
    async revoke(id: ConnectionId, clientId: string) {
      return answer(async () => {
        const client = this.#client()
        client.checkClient(clientId)
        await client.revoke(id)
      })
    }
    async alarm() {
      await this.#room.alarm()
    }
    async tell(update: Update) {
      this.#index.tell(update, Date.now())
    }
    async list(query: ListQuery) {
      return this.#index.list(query)
    }
  }
  return ZohoConnectionObject
}

const answer = async <T>(work: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { value: await work() }
  } catch (error) {
    if (isRecruitOAuthError(error)) return { error: error.toJSON() }
    throw error
  }
}

/**
 * What is done by the alarm fails before nobody's eyes: what only the app's developer can mend goes
 * to the log.
 */
const logged = async (what: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!isRecruitOAuthError(error)) console.error(`[zrecruit] ${what} failed, and is tried again.`)
    else if (error.code !== 'revocation-failed')
      console.error(`[zrecruit] ${what} failed, and is tried again. ${error.message}`)
    throw error
  }
}
