import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import { aKey, clientOn, codeOf, patiently, sweep, type Client } from './a-client.ts'

/** Whether a client lists a connection. */
const lists = async ({ zoho }: Client, id: string): Promise<boolean> =>
  (await patiently(() => zoho.connections())).connections.some((listed) => listed.id === id)

const refusalOf = (verb: () => Promise<unknown>): Promise<string> =>
  patiently(verb).then(() => 'none', codeOf)

/** Whatever one client does with an id, no row of the other client with this id changes. */
const leavesAlone = async (other: Client, one: Client, id: string): Promise<void> => {
  await other.connect(id)
  const before = await other.rows()
  const [connection, otherConnection] = [one.zoho.connection(id), other.zoho.connection(id)]
  const token = await patiently(otherConnection.accessToken)
  const unchanged = async (what: string, work: () => Promise<unknown>) => {
    await patiently(work)
    equal(await other.rows(), before, `the rows of the other client after ${what}`)
  }
  equal(
    (await patiently(connection.status)).status,
    'none',
    'the status of a connection that another client made',
  )
  equal(await lists(one, id), false, 'a listing shows the connection of another client')
  for (const verb of [connection.accessToken, connection.refresh])
    equal(await refusalOf(verb), 'not-connected', 'the error of a verb')
  await unchanged('revoke() of nothing', connection.revoke)
  await unchanged('forget() of nothing', connection.forget)
  await unchanged('a consent', () => one.connect(id))
  holds((await patiently(connection.accessToken)) !== token, 'each client has its own access token')
  equal(
    [await lists(one, id), await lists(other, id)],
    [true, true],
    'both clients list the connection',
  )
  await unchanged('revokeAll()', () => sweep(() => one.zoho.revokeAll('principal')))
  await unchanged('recover()', () => sweep(one.zoho.recover))
  holds(one.revocations.length > 0, 'the client asks its own Zoho to revoke')
  await unchanged('reencryptAll()', () => sweep(one.rotated().reencryptAll))
  // Without the new key the record can't be read, and forget() is the way out that the error names.
  equal(
    await refusalOf(connection.status),
    'key-unknown',
    'the error of a record that was sealed with another key',
  )
  await unchanged('forget()', connection.forget)
  equal(
    [await lists(one, id), await lists(other, id)],
    [false, true],
    'which client lists the connection in the end',
  )
  equal(
    [await patiently(otherConnection.accessToken), other.revocations],
    [token, []],
    'the token of the other client, and its revocations',
  )
}

/**
 * Clients of core that share the store: an app with several registered clients, or several apps in
 * one database.
 */
export const clients = storeCasesOf({
  'clients-apart': [
    'two clients with the same ids and principals list, connect, revoke, resume, reseal, ' +
      'forget and count their own rows alone, with the same encryption keys and with others ' +
      '(G7)',
    'one client’s consents from another client of the same app or database',
    async ({ store }) => {
      const keys = [aKey(), aKey()] as const
      const one = clientOn(store, '1000.ONE', [keys[0]])
      await leavesAlone(one, clientOn(store, '1000.TWO', [keys[0]]), 'our-company')
      await leavesAlone(clientOn(store, '1000.THREE', [keys[1]]), one, 'their-company')
    },
  ],
  'clients-pages': [
    'pages of any length end where the rows of a client end, and show each of them once (G7)',
    'sweepers and pages of an admin at the border between two clients',
    async ({ store }) => {
      const key = aKey()
      const both = ['1000.ONE', '1000.TWO'].map((clientId) => clientOn(store, clientId, [key]))
      const shown = ['page a', 'page b', 'page c']
      for (const client of both) for (const id of shown) await client.connect(id)
      for (const { zoho } of both) {
        for (let limit = 1; limit <= shown.length + 1; limit++) {
          for (const filter of limit === 2 ? [{}, { principal: 'principal' }] : [{}]) {
            const seen: string[] = []
            let after: string | undefined
            do {
              const query = { ...filter, limit, ...(after !== undefined && { after }) }
              const page = await patiently(() => zoho.connections(query))
              seen.push(...page.connections.map(({ id }) => id))
              after = page.next
            } while (after !== undefined && seen.length <= shown.length)
            equal(seen, shown, `the ids in pages of ${limit}`)
          }
        }
      }
    },
  ],
})
