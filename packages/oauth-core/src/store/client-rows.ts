import type { ConnectionId } from '../domain/record.ts'
import { sha256 } from '../internal/crypto.ts'
import type { ConnectionStore } from './connection-store.ts'

/**
 * 16 characters of base64url are 96 bits of the SHA-256. Two clients do not get the same prefix by
 * chance, and nobody can register a client id that has the prefix of another one.
 */
const namespaceLength = 16

const prefixOf = async (clientId: string): Promise<string> =>
  `${(await sha256(clientId)).slice(0, namespaceLength)}:`

/**
 * The id that a connection of a client has in a store. Use it in tools and tests that read a store
 * or its database directly. The app's principals get the same prefix in `principal`.
 *
 *     -- $1: await storedId(clientId, 'our-company')
 *     SELECT status FROM zrecruit_connections WHERE id = $1
 *
 * @param clientId the `clientId` option; it is not a secret
 */
export const storedId = async (clientId: string, id: ConnectionId): Promise<string> =>
  (await prefixOf(clientId)) + id

/** A principal never has a control character, so a record with this principal fails to open. */
const principalOfAnotherClient = '\x1f'

/**
 * Wraps a store for one client. It adds the client's prefix to every id and principal that is sent
 * to the store, and removes it from the responses. So several clients can share a store, and none
 * of them can reach a row of another client.
 */
export const createClientStore = (store: ConnectionStore, clientId: string): ConnectionStore => {
  let knownPrefix: string | undefined
  // The first command computes the prefix, because some edge runtimes have no crypto while an app
  // starts. The variable keeps the string and not a promise: on Workers, a promise may never settle
  // after the request that created it has ended.
  const readPrefix = async (): Promise<string> => (knownPrefix ??= await prefixOf(clientId))

  return {
    async read(id) {
      const prefix = await readPrefix()
      const response = await store.read(prefix + id)
      const { record } = response
      if (record?.principal === undefined) return response
      return {
        ...response,
        record: {
          ...record,
          principal: withoutPrefix(record.principal, prefix) ?? principalOfAnotherClient,
        },
      }
    },
    async write(id, next, expected) {
      const prefix = await readPrefix()
      return store.write(
        prefix + id,
        next?.principal === undefined ? next : { ...next, principal: prefix + next.principal },
        expected,
      )
    },
    async list({ principal, after = '', ...query }) {
      const prefix = await readPrefix()
      const rows = await store.list({
        ...query,
        ...(principal !== undefined && { principal: prefix + principal }),
        after: prefix + after,
      })
      // In the store's order, all ids of a client are together. A row of the next client in the
      // page means that this client has no more rows. Such rows are removed, so the page is shorter
      // than its limit, and the caller knows that it is the last page.
      return rows.flatMap(({ id: prefixedId, principal: prefixedPrincipal, ...values }) => {
        const id = withoutPrefix(prefixedId, prefix)
        if (id === undefined) return []
        const ownPrincipal = withoutPrefix(prefixedPrincipal, prefix)
        return [{ id, ...values, ...(ownPrincipal !== undefined && { principal: ownPrincipal }) }]
      })
    },
  }
}

/** The text after the prefix; `undefined` if the text does not begin with this prefix. */
const withoutPrefix = (text: string | undefined, prefix: string): string | undefined =>
  text?.startsWith(prefix) ? text.slice(prefix.length) : undefined
