import { describe, expect, it } from 'vitest'
import { respond, drop, json, notFound, type Reply } from '../endpoints/server.ts'
import {
  errorCodeOf,
  connect,
  startSetup,
  grant,
  minute,
  refusal,
  startConsent,
  second,
  times,
} from './setup.ts'

const startConnected = async (revoke: Reply, token: Reply = refusal('invalid_code')) => {
  const setup = await startSetup()
  await connect(setup)
  setup.script.revoke = revoke
  setup.script.token = token
  return { ...setup, acme: setup.client().connection('acme') }
}

describe('revoke()', () => {
  it.each<[string, Reply]>([
    ['by the newer endpoint', json({ status: 'success' })],
    [
      'by the older endpoint',
      (response, request) =>
        (request.url.endsWith('/token/revoke') ? json({ status: 'success' }) : notFound)(
          response,
          request,
        ),
    ],
    [
      'of a token that Zoho had revoked before',
      respond('The token passed in the request is invalid.', 400),
    ],
  ])('%s leaves a tombstone without secrets', async (_, revoke) => {
    const { acme, store, events, server } = await startConnected(revoke)
    const token = await acme.accessToken()
    await acme.revoke()
    expect(await acme.status()).toMatchObject({ status: 'revoked', principal: 'ann', scopes: [] })
    expect(await errorCodeOf(acme.accessToken())).toBe('connection-revoked')
    expect(events.map(({ type }) => type)).toEqual(['connected', 'revocation-pending', 'revoked'])
    expect((await store.read('acme')).record?.dataCenter).toBe(undefined)
    expect(server.received.every(({ body }) => !body.includes(token))).toBe(true)
  })

  it.each<[string, Reply, Reply]>([
    ['503', respond('', 503), refusal('invalid_code')],
    ['429', respond('', 429), refusal('invalid_code')],
    ['a dropped connection', drop, refusal('invalid_code')],
    ['a redirect', respond('', 307, { location: 'http://127.0.0.1:9' }), refusal('invalid_code')],
    ['a refresh token that still works', respond('', 400), grant()],
  ])(
    'is pending after %s, refuses callers, and continues when it is called again',
    async (_, revoke, token) => {
      const { acme, client, script, server, time, store } = await startConnected(revoke, token)
      await acme.accessToken()
      const error: { code?: string; retryAt?: number } = await acme.revoke().then(
        () => ({}),
        (thrown: object) => thrown,
      )
      expect(error.code).toBe('revocation-failed')
      expect(error.retryAt).toBeGreaterThan(time.now())
      expect(
        (await store.list({ pending: true, limit: 10 })).map(({ id, status }) => [id, status]),
      ).toEqual([['acme', 'revoking']])
      const before = server.received.length
      expect(
        await Promise.all(
          [acme, client().connection('acme')].map((one) => errorCodeOf(one.accessToken())),
        ),
      ).toEqual(['connection-revoked', 'connection-revoked'])
      expect(server.received.length).toBe(before)
      script.revoke = json({ status: 'success' })
      time.advance((error.retryAt ?? 0) - time.now() + second)
      await client().connection('acme').revoke()
      expect((await acme.status()).status).toBe('revoked')
    },
  )

  it('refuses callers while Zoho has not answered', async () => {
    const { acme, client, script } = await startConnected(json({}))
    await acme.accessToken()
    const meanwhile: string[] = []
    script.revoke = async (response, request) => {
      for (const one of [acme, client().connection('acme')])
        meanwhile.push(await errorCodeOf(one.accessToken()), await errorCodeOf(one.fetch('org')))
      await json({ status: 'success' })(response, request)
    }
    await acme.revoke()
    expect(meanwhile).toEqual(times(4, () => 'connection-revoked'))
  })

  it('makes no request if the connection is revoked already', async () => {
    const { acme, client, server } = await startConnected(json({ status: 'success' }))
    await acme.revoke()
    const before = server.received.length
    expect(
      await Promise.all(times(5, () => errorCodeOf(client().connection('acme').revoke()))),
    ).toEqual(times(5, () => 'ok'))
    expect(server.received.length).toBe(before)
  })

  it('makes no request if there is no connection', async () => {
    const { client, server, store } = await startConnected(json({}))
    expect(await errorCodeOf(client().connection('nobody').revoke())).toBe('ok')
    expect([server.received.length, (await store.read('nobody')).record]).toEqual([0, undefined])
  })

  it('loses to a consent that was completed meanwhile', async () => {
    const { acme, client, options, script } = await startConnected(json({}))
    const browser = await startConsent(options())
    script.token = grant()
    script.revoke = async (response, request) => {
      await browser.complete()
      await json({ status: 'success' })(response, request)
    }
    await acme.revoke()
    expect(await acme.status()).toMatchObject({ status: 'active' })
    expect(await errorCodeOf(client().connection('acme').accessToken())).toBe('ok')
  })

  it('leaves a tombstone that a new consent replaces', async () => {
    const { acme, script, options, time } = await startConnected(json({ status: 'success' }))
    await acme.revoke()
    time.advance(minute)
    script.token = grant()
    expect(await errorCodeOf((await startConsent(options())).complete())).toBe('ok')
    expect([(await acme.status()).status, await errorCodeOf(acme.accessToken())]).toEqual([
      'active',
      'ok',
    ])
  })
})
