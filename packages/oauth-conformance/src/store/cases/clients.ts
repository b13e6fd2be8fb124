import { equal, expectTrue } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'
import {
  createKey,
  createClient,
  errorCode,
  retryUnavailable,
  completeBatch,
  type Client,
} from './core-client.ts'

/** Whether a client lists a connection. */
const isListed = async ({ zoho }: Client, id: string): Promise<boolean> =>
  (await retryUnavailable(() => zoho.connections())).connections.some((listed) => listed.id === id)

const refusalCode = (operation: () => Promise<unknown>): Promise<string> =>
  retryUnavailable(operation).then(() => 'none', errorCode)

/**
 * Expects that no operation of `acting` on the connection `id` changes the rows of `bystander`,
 * which has a connection with the same id.
 */
const expectIsolation = async (bystander: Client, acting: Client, id: string): Promise<void> => {
  await bystander.connect(id)
  const before = await bystander.rows()
  const connection = acting.zoho.connection(id)
  const bystandersConnection = bystander.zoho.connection(id)
  const token = await retryUnavailable(bystandersConnection.accessToken)
  const expectUnchanged = async (label: string, work: () => Promise<unknown>) => {
    await retryUnavailable(work)
    equal(await bystander.rows(), before, `the rows of the other client after ${label}`)
  }
  equal(
    (await retryUnavailable(connection.status)).status,
    'none',
    'the status of a connection that another client made',
  )
  equal(
    await isListed(acting, id),
    false,
    'whether the client lists the connection of another client',
  )
  for (const call of [connection.accessToken, connection.refresh])
    equal(await refusalCode(call), 'not-connected', 'the error of an operation')
  await expectUnchanged('revoke() without a connection', connection.revoke)
  await expectUnchanged('forget() without a connection', connection.forget)
  await expectUnchanged('a consent', () => acting.connect(id))
  expectTrue(
    (await retryUnavailable(connection.accessToken)) !== token,
    'each client has its own access token',
  )
  equal(
    [await isListed(acting, id), await isListed(bystander, id)],
    [true, true],
    'both clients list the connection',
  )
  await expectUnchanged('revokeAll()', () =>
    completeBatch(() => acting.zoho.revokeAll('principal')),
  )
  await expectUnchanged('recover()', () => completeBatch(acting.zoho.recover))
  expectTrue(acting.revocations.length > 0, 'the client sends revocations to its own Zoho')
  await expectUnchanged('reencryptAll()', () => completeBatch(acting.rotated().reencryptAll))
  // The record cannot be read without the new key. The error recommends forget().
  equal(
    await refusalCode(connection.status),
    'key-unknown',
    'the error of a record that was sealed with another key',
  )
  await expectUnchanged('forget()', connection.forget)
  equal(
    [await isListed(acting, id), await isListed(bystander, id)],
    [false, true],
    'which client lists the connection at the end',
  )
  equal(
    [await retryUnavailable(bystandersConnection.accessToken), bystander.revocations],
    [token, []],
    'the token of the other client, and its revocations',
  )
}

/** Several clients of core on one store: one app with several clients, or several apps. */
export const clients = storeCasesOf({
  'clients-apart': [
    'two clients with the same connection ids and principals affect only their own rows (G7)',
    'One client must not use the consents of another in the same database.',
    async ({ store }) => {
      const keys = [createKey(), createKey()] as const
      const first = createClient(store, '1000.ONE', [keys[0]])
      await expectIsolation(first, createClient(store, '1000.TWO', [keys[0]]), 'our-company')
      await expectIsolation(createClient(store, '1000.THREE', [keys[1]]), first, 'their-company')
    },
  ],
  'clients-pages': [
    'pages of any length have only the rows of one client, and each row once (G7)',
    'Clean-up jobs and admin pages must not see the connections of another client.',
    async ({ store }) => {
      const key = createKey()
      const both = ['1000.ONE', '1000.TWO'].map((clientId) => createClient(store, clientId, [key]))
      const ids = ['page a', 'page b', 'page c']
      for (const client of both) for (const id of ids) await client.connect(id)
      for (const { zoho } of both) {
        for (let limit = 1; limit <= ids.length + 1; limit++) {
          const filters = limit === 2 ? [{}, { principal: 'principal' }] : [{}]
          for (const filter of filters) {
            const seen: string[] = []
            let after: string | undefined
            do {
              const query = { ...filter, limit, ...(after !== undefined && { after }) }
              const page = await retryUnavailable(() => zoho.connections(query))
              seen.push(...page.connections.map(({ id }) => id))
              after = page.next
            } while (after !== undefined && seen.length <= ids.length)
            equal(seen, ids, `the ids in pages of ${limit}`)
          }
        }
      }
    },
  ],
})
