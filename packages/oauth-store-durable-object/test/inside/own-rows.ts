import { storedId } from '@zrecruit/oauth-core'
import { durableObjectStore, type DurableObjectStore } from '@zrecruit/oauth-store-durable-object'
import type { Env } from './worker.ts'

// Tests use the app's ids and principals. In the store, they have the client's prefix. These
// functions add and remove the prefix.

/** The id of a client other than that of the objects' class. */
export const otherClient = '1000.OTHER'

/**
 * The name of an object in its namespace.
 * @param name `c:<id>` for a connection of the Worker's client, `other:<id>` for one of the other
 * client, or `index`
 */
export const objectName = async ({ CLIENT }: Env, name: string): Promise<string> => {
  if (name.startsWith('c:')) return `c:${await storedId(CLIENT.id, name.slice(2))}`
  if (name.startsWith('other:')) return `c:${await storedId(otherClient, name.slice(6))}`
  return name
}

/** A store that shows only the rows of the Worker's client, without their prefix. */
export const rowsOf = ({ CLIENT, ZOHO }: Env): DurableObjectStore => {
  const store = durableObjectStore(ZOHO)
  const addPrefix = (text: string) => storedId(CLIENT.id, text)
  const withPrefix = async <Row extends { readonly principal?: string }>(row: Row): Promise<Row> =>
    row.principal === undefined ? row : { ...row, principal: await addPrefix(row.principal) }
  const withoutPrefix = async <Row extends { readonly principal?: string }>(
    row: Row,
  ): Promise<Row> => {
    const { length } = await addPrefix('')
    return row.principal === undefined ? row : { ...row, principal: row.principal.slice(length) }
  }
  return {
    async read(id) {
      const response = await store.read(await addPrefix(id))
      return response.record
        ? { ...response, record: await withoutPrefix(response.record) }
        : response
    },
    write: async (id, next, expected) =>
      store.write(await addPrefix(id), next && (await withPrefix(next)), expected),
    async list(query) {
      const prefix = await addPrefix('')
      const rows = await store.list({
        ...(await withPrefix(query)),
        after: prefix + (query.after ?? ''),
      })
      // Rows of another client follow if its prefix sorts after this one.
      const own = rows.filter(({ id }) => id.startsWith(prefix))
      return Promise.all(
        own.map(async (row) => ({
          ...(await withoutPrefix(row)),
          id: row.id.slice(prefix.length),
        })),
      )
    },
    publish: async ({ id, fields, ...update }) =>
      store.publish({
        ...update,
        id: await addPrefix(id),
        ...(fields && { fields: await withPrefix(fields) }),
      }),
  }
}
