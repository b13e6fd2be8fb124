import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { createRecruitOAuth, type RecruitOAuthEvent } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'
import { startPostgres, type Service } from '@zrecruit/testing/services'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { postgresStore, type PostgresClient } from '../src/index.ts'
import { openPool } from './schemas.ts'

/** A password that no error may contain. */
const canary = `CANARY${randomBytes(6).toString('hex')}`

/** Runs a read and a write, and returns their errors. Neither command was sent. */
const expectNotSent = async (client: PostgresClient, code: string, summary: string) => {
  const store = postgresStore(client)
  const calls = [() => store.read('acme'), () => store.write('acme', createRecord(), 'absent')]
  for (const call of calls) {
    const error: unknown = await call().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, summary, written: 'no' })
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(canary)
  }
}

describe('a server that asks for a password', () => {
  let server: Service
  const urlFor = (password: string): string => {
    const url = new URL(server.url)
    url.username = 'app'
    url.password = password
    return url.href
  }

  beforeAll(async () => {
    server = await startPostgres()
    const admin = new pg.Client(server.url)
    await admin.connect()
    await admin.query(`CREATE ROLE app LOGIN PASSWORD '${canary}'`)
    const file = join(server.directory, 'pg_hba.conf')
    const rules = readFileSync(file, 'utf8')
    writeFileSync(file, `host all app 127.0.0.1/32 scram-sha-256\n${rules}`)
    await admin.query('SELECT pg_reload_conf()')
    await admin.end()
  }, 60_000)
  afterAll(() => server?.stop())

  it('and refuses it', async () => {
    await expectNotSent(
      openPool({ connectionString: urlFor(`${canary}x`) }),
      'configuration-invalid',
      'PostgreSQL refused the password (28P01).',
    )
  })

  it('from a client without one', async () => {
    await expectNotSent(
      openPool({ connectionString: urlFor('') }),
      'configuration-invalid',
      'The PostgreSQL client has no password.',
    )
  })

  it('from a client whose password is not a string', async () => {
    const url = new URL(server.url)
    await expectNotSent(
      openPool({
        connectionString: undefined,
        host: url.hostname,
        port: Number(url.port),
        user: 'app',
        password: (() => 5) as never,
      }),
      'configuration-invalid',
      'The PostgreSQL client has no password (TypeError).',
    )
  })

  it('works with the right one', async () => {
    const store = postgresStore(openPool({ connectionString: urlFor(canary) }))
    await expect(store.read('acme')).rejects.toMatchObject({
      message: expect.stringContaining('(42P01)') as string,
    })
  })
})

it('reports that the server has no TLS', async () => {
  await expectNotSent(
    openPool({ ssl: true }),
    'configuration-invalid',
    'PostgreSQL refused the TLS connection.',
  )
})

it('reports a certificate that the pool does not trust', async () => {
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])
    await expectNotSent(
      { query: () => Promise.reject(Object.assign(new Error(canary), { code })) },
      'configuration-invalid',
      `The pool does not trust PostgreSQL's TLS certificate (${code}).`,
    )
})

it('reports a host that does not exist, and a port without a server', async () => {
  for (const [connectionString, code] of [
    [`postgresql://app:${canary}@nowhere.invalid/app`, /^(ENOTFOUND|EAI_AGAIN)$/],
    [`postgresql://app:${canary}@127.0.0.1:9/app`, /^ECONNREFUSED$/],
  ] as const) {
    const error: unknown = await postgresStore(openPool({ connectionString }))
      .write('acme', createRecord(), 'absent')
      .catch((thrown: unknown) => thrown)
    const [, found] = /^PostgreSQL did not respond \((\w+)\)\.$/.exec(
      (error as { summary: string }).summary,
    )!
    expect(found).toMatch(code)
    expect(error).toMatchObject({ code: 'store-unavailable', written: 'no' })
  }
})

it('reports a server that does not answer while the pool connects', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await new Promise((resolve) => silent.once('listening', resolve))
  const { port } = silent.address() as AddressInfo
  await expectNotSent(
    openPool({
      connectionString: `postgresql://app:${canary}@127.0.0.1:${port}/app`,
      connectionTimeoutMillis: 50,
    }),
    'store-unavailable',
    'The pool had no connection to PostgreSQL within its time limit.',
  )
})

describe('a client of the wrong kind', () => {
  it('a single client of pg that is not connected is refused, and works once it is', async () => {
    const client = new pg.Client(inject('postgres'))
    await expectNotSent(client, 'configuration-invalid', 'The PostgreSQL client is not connected.')
    await client.connect()
    onTestFinished(() => client.end())
    await expect(postgresStore(client, { schema: 'nowhere' }).read('acme')).rejects.toMatchObject({
      message: expect.stringContaining('(42P01)') as string,
    })
  })

  it('a single client of pg that was closed is refused', async () => {
    const client = new pg.Client(inject('postgres'))
    await client.connect()
    await client.end()
    await expectNotSent(client, 'store-unavailable', 'The PostgreSQL client was closed.')
  })

  it('a pool that was closed is refused', async () => {
    const pool = new pg.Pool({ connectionString: inject('postgres') })
    await pool.end()
    await expectNotSent(pool, 'store-unavailable', 'The PostgreSQL client was closed.')
  })

  it('a client of MySQL is refused at construction', () => {
    const client = { query: async () => [[], []], escapeId: String }
    expect(() => postgresStore(client)).toThrow('is a MySQL client')
  })

  it('a method without its pool is named by the class of its error', async () => {
    const { query } = openPool()
    await expect(postgresStore({ query }).read('acme')).rejects.toMatchObject({
      code: 'store-unavailable',
      summary: 'The PostgreSQL client failed (TypeError).',
    })
  })
})

it('the error of the driver reaches the listener', async () => {
  const events: RecruitOAuthEvent[] = []
  const driverError = new TypeError(canary)
  const query = () => Promise.reject(driverError)
  const oauth = createRecruitOAuth({
    clientId: '1000.CLIENT',
    clientSecret: 'the-secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    encryptionKeys: [Buffer.alloc(32).toString('base64')],
    store: postgresStore({ query }),
    connectionFor: () => undefined,
    onEvent: (event) => void events.push(event),
  })
  await expect(oauth.connection('acme').status()).rejects.toMatchObject({
    summary: 'The PostgreSQL client failed (TypeError).',
  })
  expect(events).toMatchObject([{ type: 'store-failed', dangerousCause: driverError }])
})
