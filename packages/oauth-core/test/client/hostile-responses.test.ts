import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createClientContext } from '../../src/client/context.ts'
import { configure } from '../../src/config/configure.ts'
import { Secret } from '../../src/domain/secret.ts'
import { json, serving } from '../endpoints/server.ts'
import {
  apiOk,
  errorCodeOf,
  connect,
  grant,
  startSetup,
  minute,
  uniqueToken,
  times,
  tokens,
  type Setup,
} from './setup.ts'

const printedForms = (error: unknown): string =>
  `${String(error)} ${inspect(error, { showHidden: true, depth: Infinity })} ` +
  JSON.stringify(error)

/** Stores a token set that no response can cause, as somebody with access to the store could. */
const storeTokens = async (setup: Setup, fields: { accessToken?: string; apiDomain?: string }) => {
  const { repository } = createClientContext(configure(setup.options()))
  const { now } = await repository.read('acme')
  const accessToken = {
    id: 'planted',
    token: new Secret(fields.accessToken ?? uniqueToken('access')),
    issuedAt: now,
    expiresAt: now + 60 * minute,
  }
  const { apiDomain } = fields
  const set = {
    dataCenter: 'eu',
    scopes: ['ZohoRecruit.modules.ALL'],
    refreshToken: new Secret(uniqueToken('refresh')),
    refreshTokenId: 'planted',
    accessToken,
    ...(apiDomain !== undefined && { apiDomain }),
  }
  await repository.apply('acme', {
    type: 'granted',
    principal: 'ann',
    tokens: set,
    requestedScopes: set.scopes,
  })
}

describe('T11: a hostile access token', () => {
  const canary = 'canary7f3a9bcanary7f3a9b'
  it.each(['\r\nx-injected: 1', '\n', '\0', ' ', '\u0100', '"', '\ud800'])(
    'with %j in it is not stored and is in no error',
    async (injected) => {
      const setup = await startSetup()
      setup.script.token = grant({ access_token: `${canary}${injected}${canary}` })
      const acme = setup.client().connection('acme')
      const error = await acme.exchangeSelfClientCode('1000.code', { principal: 'ann' }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(await errorCodeOf(Promise.reject(error))).toBe('exchange-outcome-unknown')
      expect(printedForms(error)).not.toContain(canary)
      expect(await errorCodeOf(acme.fetch('org'))).toBe('not-connected')
      expect(setup.tokenCalls().length).toBe(setup.server.received.length)
    },
  )

  it.each(['\r\nx-injected: 1', '\n', '\0', ' ', '\u0100', '"'])(
    'that was stored with %j in it is in no header and no error',
    async (injected) => {
      const setup = await startSetup()
      await connect(setup)
      await storeTokens(setup, { accessToken: `${canary}${injected}${canary}` })
      const error = await setup
        .client()
        .connection('acme')
        .fetch('org')
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
      expect(await errorCodeOf(Promise.reject(error))).toBe('record-unreadable')
      expect(printedForms(error)).not.toContain(canary)
      expect(setup.server.received).toEqual([])
    },
  )
})

describe('T12: another api_domain', () => {
  it.each(['response', 'record'])(
    'in the %s is never called, and is reported by an event',
    async (where) => {
      const sink = await serving(apiOk)
      const setup = await startSetup()
      await connect(setup)
      if (where === 'record') await storeTokens(setup, { apiDomain: sink.origin })
      setup.script.token = tokens({ api_domain: sink.origin })
      const acme = setup.client().connection('acme')
      if (where === 'response') await acme.refresh()
      expect((await acme.fetch('org')).status).toBe(200)
      await acme.refresh()
      await acme.revoke()
      expect(sink.received).toEqual([])
      expect(setup.server.received.filter(({ url }) => url.startsWith('/recruit')).length).toBe(1)
      expect(setup.events.some(({ type }) => type === 'api-domain-unexpected')).toBe(true)
      expect(JSON.stringify(setup.events)).not.toContain(sink.origin)
    },
  )
})

describe('T17: a 200 from a proxy or a captive portal with', () => {
  it.each<[string, object]>([
    ['another token type', { token_type: 'mac' }],
    ['a token with spaces', { access_token: 'please sign in to this network' }],
    ['a token that is too short', { access_token: 'guest' }],
    ['no token', { access_token: undefined, login: 'https://portal.example/' }],
  ])('%s is not stored and ends no connection', async (_, injected) => {
    const setup = await startSetup()
    await connect(setup)
    setup.time.advance(61 * minute)
    setup.script.token = json({
      access_token: uniqueToken('access'),
      token_type: 'Bearer',
      expires_in: 3600,
      ...injected,
    })
    const acme = setup.client().connection('acme')
    expect(await errorCodeOf(acme.accessToken())).toBe('response-malformed')
    expect((await acme.status()).status).toBe('active')
    setup.script.token = tokens()
    setup.time.advance(minute)
    expect(await errorCodeOf(acme.accessToken())).toBe('ok')
  })
})

it('T10: a stored access token expires in the future and within a day', async () => {
  const setup = await startSetup()
  await connect(setup)
  const lifetimes: object[] = [
    ...[
      0,
      1,
      59,
      60,
      3_600,
      86_400,
      86_401,
      3_600_000,
      2 ** 53,
      -1,
      1.5,
      1e21,
      '3600',
      '0',
      '1e999',
      'x',
      null,
      true,
      [],
      {},
    ].map((expires_in) => ({ expires_in })),
    { expires_in_sec: 3_600, expires_in: 3_600_000 },
    { expires_in_sec: 1 },
    { expires_in_sec: 1e9 },
    {},
  ]
  let stored = 0
  for (const lifetime of lifetimes) {
    setup.script.token = json({
      access_token: uniqueToken('access'),
      refresh_token: uniqueToken('refresh'),
      ...lifetime,
    })
    const connection = setup.client().connection(`connection-${String(stored++)}`)
    const code = await errorCodeOf(
      connection.exchangeSelfClientCode(uniqueToken('code'), { principal: 'ann' }),
    )
    const { status, accessToken } = await connection.status()
    if (code !== 'ok') expect([code, status]).toEqual(['exchange-outcome-unknown', 'none'])
    else expect(accessToken?.expiresAt).toBeGreaterThan(setup.time.now())
    if (accessToken)
      expect(accessToken.expiresAt).toBeLessThanOrEqual(setup.time.now() + 24 * 60 * minute)
  }
  expect(stored).toBe(lifetimes.length)
})

it('T16: late 401s for a token that was replaced cost no second refresh', async () => {
  const setup = await startSetup()
  await connect(setup)
  const acme = setup.client().connection('acme')
  const old = await acme.accessToken()
  let say401 = () => {}
  const refreshedMeanwhile = new Promise<void>((resolve) => (say401 = resolve))
  let held = 0
  setup.script.api = async (response, request) => {
    if (!request.headers.authorization?.endsWith(old)) return apiOk(response, request)
    held += 1
    await refreshedMeanwhile
    return json({ code: 'INVALID_TOKEN', message: 'invalid oauth token', status: 'error' }, 401)(
      response,
      request,
    )
  }
  const calls = times(200, () => acme.fetch('org').then(({ status }) => status))
  await expect.poll(() => held).toBe(200)
  await acme.refresh()
  say401()
  expect(new Set(await Promise.all(calls))).toEqual(new Set([200]))
  expect(setup.tokenCalls().length).toBe(1)
})
