import { createRecruitOAuth, isRecruitOAuthError, storedId, type ConnectionStore, type RecruitOAuthOptions } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { equal, holds } from '../../cases/expect.ts'
import { storeCasesOf } from '../case.ts'

const aKey = (): string => randomBytes(32).toString('base64')

/** Zoho as one client meets it: every code and refresh token is good, and no revocation is confirmed. */
const zohoOf = () => {
  const revocations: string[] = []
  const token = (kind: string) => `1000.${kind}${randomBytes(12).toString('hex')}.${randomBytes(16).toString('hex')}`
  const answerOf = (url: string): Response => {
    if (url.includes('/revoke')) {
      revocations.push(url)
      return new Response('', { status: 503 })
    }
    const tokens = { access_token: token('access'), refresh_token: token('refresh'), expires_in: 3_600, token_type: 'Bearer' }
    return Response.json({ ...tokens, api_domain: 'https://www.zohoapis.com' })
  }
  return { revocations, fetch: async (url: string | URL) => answerOf(String(url)) }
}

/** A client of core on the store under test. */
const clientOn = (store: ConnectionStore, clientId: string, encryptionKeys: readonly string[]) => {
  const { revocations, fetch } = zohoOf()
  const options: RecruitOAuthOptions = {
    clientId,
    clientSecret: 'the-client-secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    connectionFor: ({ headers }) => ({ id: headers.get('x-connection') ?? '', principal: 'owner' }),
    observer: () => {},
    encryptionKeys,
    fetch,
    store,
  }
  const zoho = createRecruitOAuth(options)
  return {
    zoho,
    revocations,
    /** The same client after a key rotation began. */
    rotated: () => createRecruitOAuth({ ...options, encryptionKeys: [aKey(), ...encryptionKeys] }),
    /** Consents as a browser does. */
    async connect(id: string) {
      const { url, setCookie } = await zoho.begin({ id, principal: 'owner' })
      const state = new URL(url).searchParams.get('state') ?? ''
      const query = new URLSearchParams({ state, code: `1000.${randomBytes(16).toString('hex')}`, location: 'us' })
      const headers = { cookie: setCookie.split(';')[0] ?? '', 'x-connection': id }
      const answer = await zoho.handle(new Request(`https://app.example.com/zoho/callback?${query.toString()}`, { headers }))
      equal(answer?.status, 303, 'the status of a callback')
    },
    /** All rows of the client, as the store has them. */
    async rows() {
      const prefix = await storedId(clientId, '')
      const listed = (await store.list({ limit: 1_000 })).filter(({ id }) => id.startsWith(prefix))
      return Promise.all(listed.map(async (row) => ({ row, record: (await store.read(row.id)).record })))
    },
  }
}

type Client = ReturnType<typeof clientOn>

const ids = async ({ zoho }: Client): Promise<string[]> => (await zoho.connections()).connections.map(({ id }) => id)

const codeOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'ok', (error: unknown) => (isRecruitOAuthError(error) ? error.code : String(error)))

/** Whatever one client does with an id, no row of the other client with this id changes. */
const leavesAlone = async (other: Client, one: Client, id: string): Promise<void> => {
  await other.connect(id)
  const before = await other.rows()
  const token = await other.zoho.connection(id).accessToken()
  const connection = one.zoho.connection(id)
  const unchanged = async (what: string, work: () => Promise<unknown>) => {
    await work()
    equal(await other.rows(), before, `the rows of the other client after ${what}`)
  }
  equal((await connection.status()).status, 'none', 'the status of a connection that another client made')
  for (const verb of [connection.accessToken, connection.refresh]) equal(await codeOf(verb()), 'not-connected', 'the error of a verb')
  await unchanged('revoke() of nothing', () => connection.revoke())
  await unchanged('forget() of nothing', () => connection.forget())
  await unchanged('a consent', () => one.connect(id))
  holds((await connection.accessToken()) !== token, 'each client has its own access token')
  equal([(await ids(one)).includes(id), (await ids(other)).includes(id)], [true, true], 'both clients list the connection')
  await unchanged('disconnectAll()', () => one.zoho.disconnectAll('owner'))
  await unchanged('resumeUnfinished()', () => one.zoho.resumeUnfinished())
  holds(one.revocations.length > 0, 'the client asks its own Zoho to revoke')
  await unchanged('resealAll()', () => one.rotated().resealAll())
  // Without the new key the record can't be read, and forget() is the way out that the error names.
  equal(await codeOf(connection.status()), 'key-unknown', 'the error of a record that was sealed with another key')
  await unchanged('forget()', () => connection.forget())
  equal([(await ids(one)).includes(id), (await ids(other)).includes(id)], [false, true], 'which client lists the connection in the end')
  equal([await other.zoho.connection(id).accessToken(), other.revocations], [token, []], 'the token of the other client, and its revocations')
}

/** Clients of core that share the store: an app with several registered clients, or several apps in one database. */
export const clients = storeCasesOf({
  'clients-apart': [
    'two clients with the same ids and principals list, connect, revoke, resume, reseal, forget and count their own rows alone, with the same encryption keys and with others (G7)',
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
          for (const filter of limit === 2 ? [{}, { principal: 'owner' }] : [{}]) {
            const seen: string[] = []
            let after: string | undefined
            do {
              const page = await zoho.connections({ ...filter, limit, ...(after !== undefined && { after }) })
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
