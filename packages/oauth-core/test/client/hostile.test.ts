import { inspect } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { respond } from '../endpoints/server.ts'
import { errorCodeOf, connect, grant, startSetup, pause, startConsent } from './setup.ts'

const base = 'https://app.example.com'

describe('with hostile input,', () => {
  it('S4: an authorization request of one mount cannot be finished at another', async () => {
    const setup = await startSetup()
    const a = setup.client({ redirectUri: `${base}/a/callback` })
    const b = setup.client({ redirectUri: `${base}/b/callback`, store: memoryStore() })
    const { url, cookie } = await a.startAuthorization({ id: 'acme', principal: 'ann' })
    setup.script.token = grant()
    const query = new URLSearchParams({
      state: new URL(url).searchParams.get('state') ?? '',
      code: '1000.code',
    })
    const response = await b.handle(
      new Request(`${base}/b/callback?${query}`, {
        headers: { cookie: `${cookie.name}=${cookie.value}` },
      }),
    )
    expect([response?.status, setup.tokenCalls()]).toEqual([400, []])
  })

  it('of two data centers with one accounts server, that of the consent is stored', async () => {
    const setup = await startSetup()
    const [eu] = Object.values(setup.options().dataCenters ?? {})
    if (!eu) throw new Error('no data center')
    const dataCenters = { eu, sandbox: { ...eu, recruitApi: `${eu.accountsServer}/sandbox/v2` } }
    setup.script.token = grant()
    const browser = await startConsent(setup.options({ dataCenters, dataCenter: 'sandbox' }))
    await browser.complete({
      code: '1000.code',
      location: 'eu',
      'accounts-server': eu.accountsServer,
    })
    expect((await setup.client({ dataCenters }).connection('acme').status()).dataCenter).toBe(
      'sandbox',
    )
  })

  it.each(['..;/..;/x', '..%2f..%2fx', '%2e%2e%2fx', '..%5cx', 'a/%2E%2e/b'])(
    'T18: the path %s does not leave the API',
    async (path) => {
      const setup = await startSetup()
      await connect(setup)
      expect(await errorCodeOf(setup.client().connection('acme').fetch(path))).toBe(
        'argument-invalid',
      )
      expect(setup.server.received).toEqual([])
    },
  )

  it('a 401 with more than 64 KiB is returned', async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.script.api = respond('x'.repeat(1_000_000), 401)
    const response = await setup.client().connection('acme').fetch('org')
    expect([response.status, (await response.text()).length]).toEqual([401, 1_000_000])
  })

  it('an invalid Self Client code is refused before any request', async () => {
    const setup = await startSetup()
    for (const code of [undefined, '', 5, 'a b'])
      expect(
        await errorCodeOf(
          setup
            .client()
            .connection('acme')
            .exchangeSelfClientCode(code as never, { principal: 'ann' }),
        ),
      ).toBe('argument-invalid')
    expect(setup.server.received).toEqual([])
  })
})

describe('with a host that misbehaves,', () => {
  const recordUnhandled = () => {
    const rejections: unknown[] = []
    const listener = (reason: unknown) => void rejections.push(reason)
    process.on('unhandledRejection', listener)
    onTestFinished(() => void process.off('unhandledRejection', listener))
    return rejections
  }

  it('an onEvent that rejects causes no unhandled rejection', async () => {
    const rejections = recordUnhandled()
    const zoho = (await startSetup()).client({
      onEvent: async () => Promise.reject(new Error('the log is full')),
    })
    expect((await zoho.handle(new Request(`${base}/zoho/callback?state=x`)))?.status).toBe(400)
    await pause(20)
    expect(rejections).toEqual([])
  })

  it('a waitUntil that throws fails no caller', async () => {
    const setup = await startSetup()
    await connect(setup)
    const acme = setup.client().connection('acme', {
      waitUntil: () => {
        throw new TypeError('Illegal invocation')
      },
    })
    expect(await errorCodeOf(acme.accessToken())).toBe('ok')
  })

  it.each([{}, { id: 'acme' }, { id: '\ud800', principal: 'ann' }, { id: 5, principal: 'ann' }])(
    'the error names connectionFor if it returns %j',
    async (ref) => {
      const errors: string[] = []
      const zoho = (await startSetup()).client({
        connectionFor: () => ref as never,
        onEvent: (event) =>
          void (event.type === 'request-refused' && errors.push(event.error.message)),
      })
      const request = new Request(`${base}/candidates`)
      expect(((await zoho.requireConnection(request)) as Response).status).toBe(500)
      expect(errors).toEqual([
        expect.stringMatching(/^The option `connectionFor` returned no valid `id` and `principal`/),
      ])
    },
  )

  it('an error of the database is neither in the response nor in the event', async () => {
    const errors: RecruitOAuthError[] = []
    const setup = await startSetup({
      store: (inner) => ({
        ...inner,
        read: async () => Promise.reject(new Error('postgres://user:password@db')),
      }),
    })
    const zoho = setup.client({
      onEvent: (event) => void (event.type === 'request-refused' && errors.push(event.error)),
    })
    const response = (await zoho.requireConnection(new Request(`${base}/x`))) as Response
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { detail: 'The store did not respond. Check that the store is running, then call again.' },
    ])
    expect(errors.map(({ code }) => code)).toEqual(['store-unavailable'])
    expect(inspect(errors, { depth: 9 })).not.toContain('postgres://')
  })
})

it('forget() removes a record that cannot be read', async () => {
  const setup = await startSetup()
  await connect(setup)
  const other = setup
    .client({ encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] })
    .connection('acme')
  expect([
    await errorCodeOf(other.status()),
    await errorCodeOf(other.forget()),
    (await other.status()).status,
  ]).toEqual(['key-unknown', 'ok', 'none'])
  await connect(setup)
  const { record } = await setup.store.read('acme')
  if (record) await setup.store.write('acme', { ...record, envelope: 'x' }, record.revision)
  expect([
    await errorCodeOf(other.status()),
    await errorCodeOf(other.forget()),
    (await other.status()).status,
  ]).toEqual(['record-unreadable', 'ok', 'none'])
})
