import type { ConnectionId } from '../domain/record.ts'
import type { ConnectionStore } from './connection-store.ts'
import { sha256 } from '../internal/crypto.ts'

/**
 * 96 bits of SHA-256 in base64url: two clients do not share them by chance, and nobody can register
 * a client that does.
 */
const namespaceLength = 16

const prefixOf = async (clientId: string): Promise<string> =>
  `${(await sha256(clientId)).slice(0, namespaceLength)}:`

/**
 * The id under which a store holds a connection of a client. Use it in tools and tests that open a
 * store, or its database, directly. The app's own principals get the same prefix in `principal`.
 *
 *     SELECT status FROM zrecruit_connections WHERE id = $1 -- await storedId(clientId, 'our-company')
 *
 * @param clientId the `clientId` option; it is not a secret
 */
export const storedId = async (clientId: string, id: ConnectionId): Promise<string> =>
  (await prefixOf(clientId)) + id

/**
 * Core never stores an principal with a control character, so a row with this one fails to open.
 */
const principalOfAnotherClient = '\x1f'

/**
 * A store as one client sees it: every id and every principal that reaches the store begins with
 * the client's prefix, and it is removed from what comes back. Several clients can share any store,
 * because none can name a row of another.
 */
export const clientRows = (store: ConnectionStore, clientId: string): ConnectionStore => {
  let known: string | undefined
  // Computed by the first command: some edge runtimes have no crypto while an app starts. The text
  // is kept and not the promise, because on Workers a promise can die with the request that made
  // it.
  const prefix = async (): Promise<string> => (known ??= await prefixOf(clientId))

  return {
    async read(id) {
      const start = await prefix()
      const answer = await store.read(start + id)
      const { record } = answer
      if (record?.principal === undefined) return answer
      return {
        ...answer,
        record: {
          ...record,
          principal: withoutPrefix(record.principal, start) ?? principalOfAnotherClient,
        },
      }
    },
    async write(id, next, expected) {
      const start = await prefix()
      return store.write(
        start + id,
        next?.principal === undefined ? next : { ...next, principal: start + next.principal },
        expected,
      )
    },
    async list({ principal, after = '', ...query }) {
      const start = await prefix()
      const rows = await store.list({
        ...query,
        ...(principal !== undefined && { principal: start + principal }),
        after: start + after,
      })
      // All ids of a client follow one another in the store's order. Rows of the next client
      // therefore mean that there are no more of this one: the page gets shorter than its limit,
      // which is how callers know the last page.
      return rows.flatMap(({ id: storedAs, principal: storedPrincipal, ...facts }) => {
        const id = withoutPrefix(storedAs, start)
        const ownPrincipal = withoutPrefix(storedPrincipal, start)
        return id === undefined
          ? []
          : [{ id, ...facts, ...(ownPrincipal !== undefined && { principal: ownPrincipal }) }]
      })
    },
  }
}

/**
 * The text behind the prefix; `undefined` where another client's prefix, or none, stands before it.
 */
const withoutPrefix = (text: string | undefined, prefix: string): string | undefined =>
  text?.startsWith(prefix) ? text.slice(prefix.length) : undefined
