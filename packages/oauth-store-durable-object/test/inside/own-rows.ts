import { storedId } from '@zrecruit/oauth-core'
import { durableObjectStore, type DurableObjectStore } from '@zrecruit/oauth-store-durable-object'
import type { Env } from './worker.ts'

// Tests name connections as the app does; the store gets its ids and principals with the client's
// prefix.

/** A client that the class of the objects does not have. */
export const otherClient = '1000.OTHER'

/** @param name `c:<id of the app>`, `other:<id of the other client's app>`, or the index */
export const objectName = async ({ CLIENT }: Env, name: string): Promise<string> => {
  if (name.startsWith('c:')) return `c:${await storedId(CLIENT.id, name.slice(2))}`
  if (name.startsWith('other:')) return `c:${await storedId(otherClient, name.slice(6))}`
  return name
}

/** The rows of the Worker's client in its store. */
export const rowsOf = ({ CLIENT, ZOHO }: Env): DurableObjectStore => {
  const store = durableObjectStore(ZOHO)
  const stored = (text: string) => storedId(CLIENT.id, text)
  const withOwner = async <Facts extends { readonly principal?: string }>(
    facts: Facts,
  ): Promise<Facts> =>
    facts.principal === undefined ? facts : { ...facts, principal: await stored(facts.principal) }
  const withoutPrefix = async <Facts extends { readonly principal?: string }>(
    facts: Facts,
  ): Promise<Facts> => {
    const { length } = await stored('')
    return facts.principal === undefined
      ? facts
      : { ...facts, principal: facts.principal.slice(length) }
  }
  return {
    async read(id) {
      const answer = await store.read(await stored(id))
      return answer.record ? { ...answer, record: await withoutPrefix(answer.record) } : answer
    },
    write: async (id, next, expected) =>
      store.write(await stored(id), next && (await withOwner(next)), expected),
    async list(query) {
      const prefix = await stored('')
      const rows = await store.list({
        ...(await withOwner(query)),
        after: prefix + (query.after ?? ''),
      })
      // Behind the rows of this client come those of another one, if its prefix sorts behind.
      const own = rows.filter(({ id }) => id.startsWith(prefix))
      return Promise.all(
        own.map(async (row) => ({
          ...(await withoutPrefix(row)),
          id: row.id.slice(prefix.length),
        })),
      )
    },
    publish: async ({ id, facts, ...update }) =>
      store.publish({
        ...update,
        id: await stored(id),
        ...(facts && { facts: await withOwner(facts) }),
      }),
  }
}
