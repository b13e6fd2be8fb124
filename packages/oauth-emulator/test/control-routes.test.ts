import { expect, it } from 'vitest'
import { api, connect, consent, exchange, redirectUri, refresh, start, token } from './support.ts'

type At = 'us' | 'eu' | 'in'
type Emulated = Awaited<ReturnType<typeof start>>

async function control(emulator: Emulated, path: string, body: unknown, at: At = 'us') {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`${emulator.dataCenters[at].accountsServer}/_emulator/${path}`, {
    method: 'POST',
    body: text,
  })
  return { status: response.status, body: await response.json() }
}
const read = async (emulator: Emulated, path: string, at: At = 'us') =>
  await (await fetch(`${emulator.dataCenters[at].accountsServer}/_emulator/${path}`)).json()

it('issues Self Client codes at the called data center, or at a named one', async () => {
  const emulator = await start()
  const grant = (code: string) => ({ grant_type: 'authorization_code', code })
  const named = await control(emulator, 'codes', {
    scope: 'ZohoRecruit.modules.ALL',
    dataCenter: 'eu',
  })
  expect(named).toEqual({
    status: 200,
    body: { code: expect.stringMatching(/^1000\.[0-9a-f]{32}\.[0-9a-f]{32}$/) },
  })
  expect((await token(emulator, grant(named.body.code), 'us')).text).toBe(
    '{"error":"invalid_code"}',
  )
  expect((await token(emulator, grant(named.body.code), 'eu')).body).toHaveProperty('refresh_token')
  const asked = await control(emulator, 'codes', { scope: 'ZohoRecruit.modules.ALL' }, 'in')
  expect((await token(emulator, grant(asked.body.code), 'in')).body).toHaveProperty('refresh_token')
})

it('Self Client codes have the requested lifetime', async () => {
  const emulator = await start()
  const codes = await Promise.all(
    [60, 600].map(
      async (expiresInSeconds) =>
        (await control(emulator, 'codes', { scope: 'ZohoRecruit.modules.ALL', expiresInSeconds }))
          .body.code,
    ),
  )
  await control(emulator, 'clock', { advanceSeconds: 300 }, 'eu')
  expect((await token(emulator, { grant_type: 'authorization_code', code: codes[0] })).text).toBe(
    '{"error":"invalid_code"}',
  )
  expect(
    (await token(emulator, { grant_type: 'authorization_code', code: codes[1] })).body,
  ).toHaveProperty('refresh_token')
})

it('advances one clock for all data centers', async () => {
  const emulator = await start()
  const before = (await control(emulator, 'clock', { advanceSeconds: 0 })).body.now
  const after = (await control(emulator, 'clock', { advanceSeconds: 3600 }, 'in')).body.now
  expect(Math.abs(before - Date.now())).toBeLessThan(60_000)
  expect(after - before).toBeGreaterThanOrEqual(3_600_000)
  expect(after - before).toBeLessThan(3_660_000)
})

it('reset removes codes, tokens, counts, throttles and clock advances', async () => {
  const emulator = await start({
    accessTokenBudget: { limit: 1, windowSeconds: 600 },
    refreshTokenBudget: { limit: 1, windowSeconds: 60 },
  })
  const { refreshToken, accessToken } = await connect(emulator)
  const code = await consent(emulator, 'eu')
  expect((await refresh(emulator, refreshToken)).status).toBe(400)
  await control(emulator, 'clock', { advanceSeconds: 3600 })
  expect(await control(emulator, 'reset', {}, 'in')).toEqual({ status: 200, body: {} })
  expect(await read(emulator, 'calls')).toEqual({ token: 0, revoke: 0, authorize: 0, api: 0 })
  expect(await read(emulator, 'tokens')).toMatchObject({ refreshTokens: [], accessTokens: [] })
  expect(Math.abs((await read(emulator, 'tokens')).now - Date.now())).toBeLessThan(60_000)
  expect((await exchange(emulator, code, 'eu')).text).toBe('{"error":"invalid_code"}')
  expect((await api(emulator, 'Candidates', accessToken)).body.code).toBe('INVALID_TOKEN')
  expect((await refresh(emulator, refreshToken)).text).toBe('{"error":"invalid_code"}')
  expect((await connect(emulator)).refreshToken).toMatch(/^1000\./)
})

it('counts the calls of all data centers together', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator, 'eu')
  await refresh(emulator, refreshToken, 'us')
  await api(emulator, 'Candidates', accessToken, 'eu')
  await api(emulator, 'Candidates', undefined, 'in')
  await fetch(`${emulator.dataCenters.in.accountsServer}/oauth/v2/token/revoke`, { method: 'POST' })
  await fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth`)
  expect(await read(emulator, 'calls', 'us')).toEqual({ token: 2, revoke: 1, authorize: 1, api: 2 })
  expect(emulator.calls()).toEqual(await read(emulator, 'calls', 'eu'))
})

it('lists valid tokens with their details', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator, 'eu')
  emulator.advanceClock(600)
  const { refreshTokens, accessTokens, now } = await read(emulator, 'tokens')
  const common = {
    dataCenter: 'eu',
    scopes: ['ZohoRecruit.modules.ALL'],
    client: emulator.client.id,
    environment: 'production',
    user: 'lena.vogel@rheinbogen.example',
  }
  expect(refreshTokens).toEqual([
    {
      token: refreshToken,
      ...common,
      createdAt: expect.any(Number),
      expiresAt: null,
      secondsLeft: null,
    },
  ])
  expect(accessTokens).toEqual([
    {
      token: accessToken,
      refreshToken,
      ...common,
      createdAt: expect.any(Number),
      expiresAt: accessTokens[0].createdAt + 3_600_000,
      secondsLeft: expect.any(Number),
    },
  ])
  expect(accessTokens[0].secondsLeft).toBe(Math.floor((accessTokens[0].expiresAt - now) / 1000))
  emulator.advanceClock(3000)
  expect((await read(emulator, 'tokens')).accessTokens).toEqual([])
})

it('registers more redirect URIs', async () => {
  const emulator = await start()
  const redirectUris = ['http://localhost:5173/back']
  expect((await control(emulator, 'clients', { redirectUris })).body).toEqual({
    redirectUris: [redirectUri, ...redirectUris],
  })
  expect(emulator.client.redirectUris).toEqual([redirectUri, ...redirectUris])
  expect(await consent(emulator, 'us', { redirect_uri: 'http://localhost:5173/back' })).toMatch(
    /^1000\./,
  )
})

it.each<[string, unknown, RegExp]>([
  ['codes', {}, /scope.*missing/],
  ['codes', { scope: 'ZohoCRM.modules.ALL' }, /no scope "ZohoCRM.modules.ALL".*use/],
  [
    'codes',
    { scope: 'ZohoRecruit.modules.ALL', dataCenter: 'mars' },
    /dataCenter.*"mars".*us, eu, in/,
  ],
  ['codes', { scope: 'ZohoRecruit.modules.ALL', dataCenter: 7 }, /dataCenter.*string/],
  ['codes', { scope: 'ZohoRecruit.modules.ALL', expiresInSeconds: -1 }, /expiresInSeconds/],
  ['codes', { scopes: 'ZohoRecruit.modules.ALL' }, /"scopes" is unknown/],
  ['clock', {}, /advanceSeconds/],
  ['clock', { advanceSeconds: '60' }, /advanceSeconds.*number/],
  ['clock', { advanceSeconds: -1 }, /advanceSeconds.*reset/],
  ['clock', { advanceSeconds: 1e300 }, /advanceSeconds/],
  ['clock', '[1]', /not a JSON object/],
  ['clock', 'null', /not a JSON object/],
  ['clock', '{', /not JSON/],
  ['reset', { hard: true }, /"hard" is unknown/],
  ['clients', {}, /redirectUris/],
  ['clients', { redirectUris: ['http://a.example/', 7] }, /redirectUris/],
  ['clients', { redirectUris: ['ftp://a.example/'] }, /ftp/],
  ['clients', { redirectUris: ['http://a.example/#x'] }, /fragment/],
  ['clients', { redirectUris: ['http://a.example/\r\nx: y'] }, /redirect URI/],
])('refuses with a cause and a hint: %s %j', async (path, body, error) => {
  const emulator = await start()
  const response = await control(emulator, path, body)
  expect(response.status).toBe(400)
  expect(response.body).toEqual({ error: expect.stringMatching(error) })
})

it('an unknown endpoint responds with the list of endpoints', async () => {
  const emulator = await start()
  expect(await control(emulator, 'nothing', {})).toEqual({
    status: 404,
    body: { error: expect.stringContaining('codes') },
  })
})

it('serverinfo of every accounts server lists all accounts servers', async () => {
  const emulator = await start()
  const { us, eu, in: india } = emulator.dataCenters
  const locations = { us: us.accountsServer, eu: eu.accountsServer, in: india.accountsServer }
  for (const { accountsServer } of [us, eu, india])
    expect(await (await fetch(`${accountsServer}/oauth/serverinfo`)).json()).toEqual({
      result: 'success',
      locations,
    })
})
