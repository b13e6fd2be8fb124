import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest'
import { answer, drop, json, refusedOrigin, type Reply } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  minute,
  recordOf,
  refusal,
  returning,
  throttle,
  tokens,
  until,
} from './house.ts'

const startWithReply = async (
  token: Reply,
  revoke?: Reply,
  context: Pick<TestContext, 'onTestFinished'> = { onTestFinished },
) => {
  const store = faultyStore()
  const home = await house({ store: store.wrap, finished: context.onTestFinished })
  home.script.token = token
  if (revoke) home.script.revoke = revoke
  return { ...home, ...store }
}
/** The refresh tokens in the revocation requests. */
const revokedTokens = ({
  server,
}: {
  server: { received: readonly { url: string; form: URLSearchParams }[] }
}) =>
  server.received.filter(({ url }) => url.includes('revoke')).map(({ form }) => form.get('token'))
const revocationRequests = ({ server }: { server: { received: readonly { url: string }[] } }) =>
  server.received.filter(({ url }) => url.includes('revoke'))

describe('the answer to an exchange', () => {
  it.each<[string, Reply, string]>([
    ['a grant', grant(), 'ok'],
    ['invalid_code', refusal('invalid_code'), 'code-rejected'],
    ['invalid_code with 400', refusal('invalid_code', 400), 'code-rejected'],
    ['invalid_client', refusal('invalid_client'), 'client-rejected'],
    ['invalid_client_secret', refusal('invalid_client_secret'), 'client-secret-rejected'],
    ['invalid_redirect_uri', refusal('invalid_redirect_uri'), 'redirect-uri-rejected'],
    ['throttling', throttle, 'throttled'],
    ['an unknown error', refusal('general_error'), 'accounts-server-error'],
    ['HTML', answer('<html>'), 'exchange-outcome-unknown'],
    ['an empty body', answer(''), 'exchange-outcome-unknown'],
    ['a body over 64 KiB', answer('x'.repeat(70_000)), 'exchange-outcome-unknown'],
    ['429', answer('', 429), 'throttled'],
    ['503', answer('', 503), 'exchange-outcome-unknown'],
    ['308', answer('', 308, { location: 'http://127.0.0.1:9/' }), 'redirect-refused'],
    ['a dropped connection', drop, 'exchange-outcome-unknown'],
    ['no refresh token', tokens(), 'refresh-token-missing'],
  ])('B12: %s is final: the code is sent once', async (_, reply, code) => {
    const home = await startWithReply(reply)
    const browser = await returning(home.options())
    expect(await codeOf(browser.complete())).toBe(code)
    expect([home.tokenCalls().length, revocationRequests(home).length]).toEqual([1, 0])
    expect((await home.client().connection('acme').status()).status).toBe(
      code === 'ok' ? 'active' : 'none',
    )
    expect(await codeOf(browser.complete())).toBe('callback-replayed')
  })

  it('B13: without a refresh token leaves the existing connection unchanged', async () => {
    const home = await startWithReply(tokens())
    await connect(home)
    const before = await home.client().connection('acme').accessToken()
    expect(await codeOf((await returning(home.options())).complete())).toBe('refresh-token-missing')
    expect(await home.client().connection('acme').accessToken()).toBe(before)
  })
})

it.each([throttle, refusal('general_error')])(
  'never asks to retry a used callback: %#',
  async (reply) => {
    const home = await startWithReply(reply)
    const error: { remedy?: string; message?: string } = await (
      await returning(home.options())
    )
      .complete()
      .then(
        () => ({}),
        (thrown: object) => thrown,
      )
    expect(error.remedy).toBe('ask-consent')
    expect(error.message).toMatch(/Start again from \/connect/)
    const again: { remedy?: string } = await home
      .client()
      .connection('acme')
      .exchangeSelfClientCode('1000.code', { principal: 'ann' })
      .then(
        () => ({}),
        (thrown: object) => thrown,
      )
    expect(again.remedy).toBe('ask-consent')
  },
)

it('B12: sends the code again only if the connection was refused', async () => {
  const home = await startWithReply(grant())
  const nowhere = await refusedOrigin()
  let calls = 0
  const first = (url: string, init: RequestInit) => fetch((calls += 1) === 1 ? nowhere : url, init)
  expect(await codeOf((await returning(home.options({ fetch: first }))).complete())).toBe('ok')
  expect([calls, home.tokenCalls().length]).toEqual([2, 1])
})

it('B12: sends the code once to a server that hangs up before it reads the request', async () => {
  let requests = 0
  const server = createServer((request) => {
    requests += 1
    request.socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const home = await startWithReply(grant())
  const here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = await returning(
    home.options({ fetch: (url, init) => fetch(url.replace(home.server.origin, here), init) }),
  )
  expect([await codeOf(browser.complete()), requests]).toEqual(['exchange-outcome-unknown', 1])
})

it('B12: gives up after the second refusal to connect', async () => {
  const home = await startWithReply(grant())
  const nowhere = await refusedOrigin()
  let calls = 0
  const browser = await returning(
    home.options({
      fetch: (_, init) => {
        calls += 1
        return fetch(nowhere, init)
      },
    }),
  )
  expect([await codeOf(browser.complete()), calls]).toEqual(['accounts-server-unreachable', 2])
})

describe('a store', () => {
  it.concurrent.for(['down', 'hangs'] as const)(
    'whose fault for writes is "%s" keeps the code from being spent',
    async (fault, context) => {
      const home = await startWithReply(grant(), undefined, context)
      const browser = await returning(home.options())
      home.faults.write = fault
      expect([await codeOf(browser.complete()), home.server.received.length]).toEqual([
        'store-unavailable',
        0,
      ])
      home.faults.write = undefined
      expect([await codeOf(browser.complete()), home.tokenCalls().length]).toEqual(['ok', 1])
    },
  )

  it.concurrent('that fails once after the exchange gets the write again', async (context) => {
    const home = await startWithReply(grant(), undefined, context)
    const browser = await returning(home.options())
    let failures = 0
    home.before.write = async (next) => {
      if (next?.status === 'active' && (failures += 1) === 1) throw new Error('a broken connection')
    }
    expect(await codeOf(browser.complete())).toBe('ok')
    expect([home.tokenCalls().length, revocationRequests(home).length]).toEqual([1, 0])
  })

  it.concurrent(
    'that lost its acknowledgement is read to find out that it stored the grant',
    async (context) => {
      const home = await startWithReply(grant(), undefined, context)
      const browser = await returning(home.options())
      home.faults.write = 'lost'
      expect([await codeOf(browser.complete()), revocationRequests(home).length]).toEqual(['ok', 0])
    },
  )

  /** Zoho grants the tokens, and from then on writes fail with `fault`. */
  const startWithFailingStore = async (
    context: TestContext,
    fault: 'down' | 'refuses',
    revoke?: Reply,
  ) => {
    const reply: Reply = (response, request) => {
      home.faults.write = fault
      grant({ refresh_token: '1000.refresh.to.be.given.back' })(response, request)
    }
    const home: Awaited<ReturnType<typeof startWithReply>> = await startWithReply(
      reply,
      revoke,
      context,
    )
    return home
  }
  interface Failure {
    readonly code: string
    readonly errors?: readonly { code: string }[]
  }
  const failureOf = (work: Promise<unknown>): Promise<readonly [string, readonly string[]]> =>
    work.then(
      () => ['ok', []],
      ({ code, errors = [] }: Failure) => [code, errors.map((error) => error.code)],
    )
  const notStored = ['grant-not-stored', ['store-unavailable']]

  it.concurrent('that refuses a first grant gets its refresh token revoked', async (context) => {
    const home = await startWithFailingStore(context, 'refuses')
    expect(await failureOf((await returning(home.options())).complete())).toEqual(notStored)
    expect(revokedTokens(home)).toEqual(['1000.refresh.to.be.given.back'])
    home.faults.write = undefined
    // The attempt is closed once the store accepts writes again, so that its refresh token is
    // not counted.
    await until(async () => (await recordOf(home)).attempts[0]?.outcome === 'failed')
    expect((await recordOf(home)).refreshTokens ?? 0).toBe(0)
  })

  it.concurrent(
    'G14: that refuses the grant while Zoho is down keeps the refresh token for later',
    async (context) => {
      const home = await startWithFailingStore(context, 'refuses', answer('', 503))
      const expected = ['grant-not-stored', ['store-unavailable', 'revocation-failed']]
      expect(await failureOf((await returning(home.options())).complete())).toEqual(expected)
      home.faults.write = undefined
      await until(async () => (await recordOf(home)).abandoned?.length === 1)
      home.script.revoke = json({ status: 'success' })
      home.time.push(3 * minute)
      await home.client().recover()
      expect(new Set(revokedTokens(home))).toEqual(new Set(['1000.refresh.to.be.given.back']))
      expect((await recordOf(home)).abandoned).toBe(undefined)
    },
  )

  it.concurrent(
    'that refuses the grant leaves the existing connection unchanged',
    async (context) => {
      const home = await startWithReply(json({}), undefined, context)
      await connect(home)
      home.script.token = (response, request) => {
        home.faults.write = 'refuses'
        grant()(response, request)
      }
      const before = await home.client().connection('acme').accessToken()
      expect(await failureOf((await returning(home.options())).complete())).toEqual(notStored)
      home.faults.write = undefined
      expect([
        revocationRequests(home).length,
        await home.client().connection('acme').accessToken(),
      ]).toEqual([0, before])
    },
  )

  it.concurrent(
    'G3: that may have stored the grant gets the write again, and nothing is revoked',
    async (context) => {
      const home = await startWithFailingStore(context, 'down')
      const expected = ['grant-outcome-unknown', ['store-unavailable']]
      expect(await failureOf((await returning(home.options())).complete())).toEqual(expected)
      expect(revocationRequests(home)).toEqual([])
      home.faults.write = undefined
      // The process goes on in the background: a store that recovers in time costs no consent.
      await until(async () => (await home.client().connection('acme').status()).status === 'active')
      expect(await codeOf(home.client().connection('acme').accessToken())).toBe('ok')
    },
  )
})

describe('a Self Client code', () => {
  it.each<
    [
      string,
      Parameters<
        ReturnType<
          ReturnType<Awaited<ReturnType<typeof house>>['client']>['connection']
        >['exchangeSelfClientCode']
      >,
      string,
    ]
  >([
    ['that is empty', ['', { principal: 'ann' }], 'argument-invalid'],
    ['with a space', ['a b', { principal: 'ann' }], 'argument-invalid'],
    ['with an empty principal', ['1000.x', { principal: '' }], 'argument-invalid'],
    [
      'with an unknown data center',
      ['1000.x', { principal: 'ann', dataCenter: 'mars' }],
      'data-center-unknown',
    ],
    [
      'with an invalid scope',
      ['1000.x', { principal: 'ann', scopes: ['a b' as 'ZohoRecruit.org.READ'] }],
      'argument-invalid',
    ],
    [
      'with an empty list of scopes',
      ['1000.x', { principal: 'ann', scopes: [] }],
      'argument-invalid',
    ],
  ])('%s is not sent', async (_, call, code) => {
    const home = await startWithReply(grant())
    expect(
      await codeOf(
        home
          .client()
          .connection('acme')
          .exchangeSelfClientCode(...call),
      ),
    ).toBe(code)
    expect([home.server.received.length, home.counts.writes]).toEqual([0, 0])
  })
})
