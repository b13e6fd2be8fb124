import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Connection } from '../../src/index.ts'
import { respond, drop, refusedOrigin, type Reply } from '../endpoints/server.ts'
import {
  errorCodeOf,
  connect,
  grant,
  refusal,
  startConsent,
  throttle,
  tokens,
  revocationRequests,
} from './setup.ts'
import { startWithReply } from './faulty-store.ts'

describe('the response to an exchange', () => {
  it.each<[string, Reply, string]>([
    ['a grant', grant(), 'ok'],
    ['invalid_code', refusal('invalid_code'), 'code-rejected'],
    ['invalid_code with 400', refusal('invalid_code', 400), 'code-rejected'],
    ['invalid_client', refusal('invalid_client'), 'client-rejected'],
    ['invalid_client_secret', refusal('invalid_client_secret'), 'client-secret-rejected'],
    ['invalid_redirect_uri', refusal('invalid_redirect_uri'), 'redirect-uri-rejected'],
    ['throttling', throttle, 'throttled'],
    ['an unknown error', refusal('general_error'), 'accounts-server-error'],
    ['HTML', respond('<html>'), 'exchange-outcome-unknown'],
    ['an empty body', respond(''), 'exchange-outcome-unknown'],
    ['a body over 64 KiB', respond('x'.repeat(70_000)), 'exchange-outcome-unknown'],
    ['429', respond('', 429), 'throttled'],
    ['503', respond('', 503), 'exchange-outcome-unknown'],
    ['308', respond('', 308, { location: 'http://127.0.0.1:9/' }), 'redirect-refused'],
    ['a dropped connection', drop, 'exchange-outcome-unknown'],
    ['no refresh token', tokens(), 'refresh-token-missing'],
  ])('B12: %s is final: the code is sent once', async (_, reply, code) => {
    const setup = await startWithReply(reply)
    const browser = await startConsent(setup.options())
    expect(await errorCodeOf(browser.complete())).toBe(code)
    expect([setup.tokenCalls().length, revocationRequests(setup).length]).toEqual([1, 0])
    expect((await setup.client().connection('acme').status()).status).toBe(
      code === 'ok' ? 'active' : 'none',
    )
    expect(await errorCodeOf(browser.complete())).toBe(code === 'ok' ? 'ok' : 'callback-replayed')
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('B13: without a refresh token leaves the existing connection unchanged', async () => {
    const setup = await startWithReply(tokens())
    await connect(setup)
    const before = await setup.client().connection('acme').accessToken()
    expect(await errorCodeOf((await startConsent(setup.options())).complete())).toBe(
      'refresh-token-missing',
    )
    expect(await setup.client().connection('acme').accessToken()).toBe(before)
  })
})

it.each([throttle, refusal('general_error')])(
  'never asks to retry a used callback: %#',
  async (reply) => {
    const setup = await startWithReply(reply)
    const error: { remedy?: string; message?: string } = await (
      await startConsent(setup.options())
    )
      .complete()
      .then(
        () => ({}),
        (thrown: object) => thrown,
      )
    expect(error.remedy).toBe('ask-consent')
    expect(error.message).toMatch(/Start again from \/connect/)
    const retry: { remedy?: string } = await setup
      .client()
      .connection('acme')
      .exchangeSelfClientCode('1000.code', { principal: 'ann' })
      .then(
        () => ({}),
        (thrown: object) => thrown,
      )
    expect(retry.remedy).toBe('ask-consent')
  },
)

it('B12: sends the code again only if the connection was refused', async () => {
  const setup = await startWithReply(grant())
  const nowhere = await refusedOrigin()
  let calls = 0
  const fetchSecondTime = (url: string, init: RequestInit) =>
    fetch((calls += 1) === 1 ? nowhere : url, init)
  expect(
    await errorCodeOf((await startConsent(setup.options({ fetch: fetchSecondTime }))).complete()),
  ).toBe('ok')
  expect([calls, setup.tokenCalls().length]).toEqual([2, 1])
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
  const setup = await startWithReply(grant())
  const hangingOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = await startConsent(
    setup.options({
      fetch: (url, init) => fetch(url.replace(setup.server.origin, hangingOrigin), init),
    }),
  )
  expect([await errorCodeOf(browser.complete()), requests]).toEqual(['exchange-outcome-unknown', 1])
})

it('B12: gives up after the second refusal to connect', async () => {
  const setup = await startWithReply(grant())
  const nowhere = await refusedOrigin()
  let calls = 0
  const browser = await startConsent(
    setup.options({
      fetch: (_, init) => {
        calls += 1
        return fetch(nowhere, init)
      },
    }),
  )
  expect([await errorCodeOf(browser.complete()), calls]).toEqual(['accounts-server-unreachable', 2])
})

describe('a Self Client code', () => {
  type Call = Parameters<Connection['exchangeSelfClientCode']>

  it.each<[string, Call, string]>([
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
    const setup = await startWithReply(grant())
    expect(
      await errorCodeOf(
        setup
          .client()
          .connection('acme')
          .exchangeSelfClientCode(...call),
      ),
    ).toBe(code)
    expect([setup.server.received.length, setup.counts.writes]).toEqual([0, 0])
  })
})
