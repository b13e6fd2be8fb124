import { expect, it } from 'vitest'
import { createEmulator, type EmulatorOptions, type Settings } from '../src/index.ts'
import {
  api,
  authorizationUrl,
  connect,
  consent,
  decide,
  exchange,
  redirectUri,
  refresh,
  start,
  token,
} from './support.ts'

type Started = Awaited<ReturnType<typeof start>>

async function callSettings(emulator: Started, changes?: unknown) {
  const url = `${emulator.dataCenters.in.accountsServer}/_emulator/settings`
  const response = await fetch(
    url,
    changes === undefined ? {} : { method: 'POST', body: JSON.stringify(changes) },
  )
  return { status: response.status, body: await response.json() }
}

const strictest: Settings = {
  codeLifeSeconds: 60,
  accessTokenLifeSeconds: 3600,
  authorizationCodeBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBudget: { limit: 10, windowSeconds: 600 },
  accessTokenBlock: 'whole-window',
  refreshTokenBudget: { limit: 5, windowSeconds: 60 },
  liveAccessTokens: 10,
  liveRefreshTokens: 20,
  refreshTokenOverflow: 'evict',
  throttleStatus: 400,
  throttleLanguage: 'en',
  pkce: 'enforce',
  revocation: 'both',
  revocationScope: 'grant',
  multiDataCenter: true,
  scopeInResponses: 'none',
  scopeSeparator: 'comma',
  legacyExpiresIn: false,
  apiDomainTrailingSlash: false,
  callbackDataCenterParameters: 'both',
  accountsServerTrailingSlash: false,
  expiresIn: 'seconds',
  expiredTokenResponse: 'INVALID_TOKEN',
  apiCredits: { limit: 5000, windowSeconds: 86_400 },
  zgidInOrganization: true,
}

it('the default settings are the strictest ones', async () => {
  const emulator = await start()
  expect(emulator.settings()).toEqual(strictest)
  expect(await callSettings(emulator)).toEqual({ status: 200, body: strictest })
  expect(
    createEmulator({
      pkce: 'ignore',
      liveAccessTokens: undefined,
    } as unknown as EmulatorOptions).settings(),
  ).toEqual({ ...strictest, pkce: 'ignore' })
})

it('settings can be changed in process and by HTTP; reset restores the original ones', async () => {
  const emulator = await start({ throttleStatus: 200 })
  const created = { ...strictest, throttleStatus: 200 }
  const changes = {
    throttleLanguage: 'zh',
    accessTokenBudget: { limit: 1, windowSeconds: 60 },
  } as const
  expect(emulator.configure(changes)).toEqual({ ...created, ...changes })
  expect(await callSettings(emulator, { legacyExpiresIn: true })).toEqual({
    status: 200,
    body: { ...created, ...changes, legacyExpiresIn: true },
  })
  const { refreshToken } = await connect(emulator)
  expect(await refresh(emulator, refreshToken)).toMatchObject({
    status: 200,
    body: { error: '拒绝访问' },
  })
  emulator.reset()
  expect(emulator.settings()).toEqual(created)
  const again = await connect(emulator)
  expect((await refresh(emulator, again.refreshToken)).body.expires_in).toBe(3600)
})

it('returns copies of the settings', async () => {
  const accessTokenBudget = { limit: 3, windowSeconds: 600 }
  const emulator = createEmulator({ accessTokenBudget })
  accessTokenBudget.limit = 4
  Object.assign(emulator.settings().accessTokenBudget, { limit: 5 })
  Object.assign(emulator.configure({}).accessTokenBudget, { limit: 6 })
  expect(emulator.settings().accessTokenBudget.limit).toBe(3)
  emulator.reset()
  expect(emulator.settings().accessTokenBudget.limit).toBe(3)
})

it.each<[object, RegExp]>([
  [{ throttleStatus: 429 }, /^throttleStatus: 429 is not allowed: send 400 or 200\.$/],
  [{ throttleLanguage: 'de' }, /^throttleLanguage: "de"/],
  [{ liveAccessTokens: 0 }, /^liveAccessTokens: 0 is not allowed: send a whole number from 1/],
  [{ liveRefreshTokens: '20' }, /^liveRefreshTokens: "20"/],
  [{ codeLifeSeconds: -1 }, /^codeLifeSeconds: -1 is not allowed: send seconds above 0/],
  [{ accessTokenBudget: 10 }, /^accessTokenBudget: 10 is not allowed: send a budget such as/],
  [{ accessTokenBudget: { limit: 10 } }, /^accessTokenBudget: a value of type object/],
  [{ accessTokenBudget: { limit: 10, windowSeconds: 0 } }, /^accessTokenBudget/],
  [{ accessTokenBudget: null }, /^accessTokenBudget: a value of type null/],
  [
    { multiDataCenter: ['mars'] },
    /^multiDataCenter: this list is not allowed: send true or false or a list of "us"/,
  ],
  [{ scopeInResponses: true }, /^scopeInResponses: true/],
  [{ callbackDataCenterParameters: 'none' }, /^callbackDataCenterParameters: "none"/],
  [{ middleware: 400 }, /^The setting "middleware" is unknown: use codeLifeSeconds, /],
  [
    { throttlestatus: 400 },
    /^The setting "throttlestatus" is unknown: did you mean throttleStatus\?$/,
  ],
  [{ toString: 1 }, /"toString" is unknown/],
])('refuses invalid settings, naming the setting and a hint: %j', async (changes, message) => {
  const emulator = await start()
  expect(() => createEmulator(changes)).toThrow(message)
  expect(() => emulator.configure({ pkce: 'ignore', ...changes })).toThrow(message)
  expect(await callSettings(emulator, { pkce: 'ignore', ...changes })).toEqual({
    status: 400,
    body: { error: expect.stringMatching(message) },
  })
  expect(emulator.settings()).toEqual(strictest)
})

it.each([
  [400, 'en', 'Access Denied', /^You have made too many requests continuously/],
  [400, 'zh', '拒绝访问', /^您已连续提出过多请求/],
  [200, 'en', 'Access Denied', /^You have made too many requests continuously/],
  [200, 'zh', '拒绝访问', /^您已连续提出过多请求/],
] as const)(
  'throttles with status %i in %s',
  async (throttleStatus, throttleLanguage, error, description) => {
    const emulator = await start({
      throttleStatus,
      throttleLanguage,
      accessTokenBudget: { limit: 1, windowSeconds: 600 },
    })
    const { refreshToken } = await connect(emulator)
    const { status, body, text } = await refresh(emulator, refreshToken)
    expect([status, body]).toEqual([
      throttleStatus,
      { error_description: expect.stringMatching(description), error, status: 'failure' },
    ])
    expect(text.startsWith('{"error_description"')).toBe(true)
  },
)

it('changes the language of the throttle response during a block', async () => {
  const emulator = await start({ accessTokenBudget: { limit: 1, windowSeconds: 600 } })
  const { refreshToken } = await connect(emulator)
  expect((await refresh(emulator, refreshToken)).body.error).toBe('Access Denied')
  emulator.configure({ throttleLanguage: 'zh', throttleStatus: 200 })
  expect(await refresh(emulator, refreshToken)).toMatchObject({
    status: 200,
    body: { error: '拒绝访问' },
  })
})

const two = 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ'

it.each([
  ['none', undefined],
  ['space', 'ZohoRecruit.modules.ALL ZohoRecruit.org.READ'],
  ['comma', two],
] as const)(
  'scopeInResponses sets the scope in token responses: %s',
  async (scopeInResponses, scope) => {
    const emulator = await start({ scopeInResponses })
    const { code } = emulator.issueSelfClientCode({ scope: two, dataCenter: 'us' })
    const exchanged = await token(emulator, { grant_type: 'authorization_code', code })
    expect(exchanged.body.scope).toBe(scope)
    expect((await refresh(emulator, exchanged.body.refresh_token)).body.scope).toBe(scope)
  },
)

it('legacyExpiresIn returns milliseconds without changing the lifetime', async () => {
  const emulator = await start({ legacyExpiresIn: true, accessTokenLifeSeconds: 1800 })
  const exchanged = await exchange(emulator, await consent(emulator))
  expect(exchanged.body).toMatchObject({ expires_in_sec: 1800, expires_in: 1_800_000 })
  expect((await refresh(emulator, exchanged.body.refresh_token)).body).toMatchObject({
    expires_in_sec: 1800,
    expires_in: 1_800_000,
  })
  emulator.advanceClock(1801)
  expect((await api(emulator, 'Candidates', exchanged.body.access_token)).body.code).toBe(
    'INVALID_TOKEN',
  )
  emulator.configure({ legacyExpiresIn: false })
  expect((await refresh(emulator, exchanged.body.refresh_token)).body).not.toHaveProperty(
    'expires_in_sec',
  )
})

it('apiDomainTrailingSlash adds a slash to api_domain', async () => {
  const emulator = await start({ apiDomainTrailingSlash: true })
  const { body } = await exchange(emulator, await consent(emulator))
  expect(body.api_domain).toBe(`${emulator.dataCenters.us.apiDomain}/`)
  emulator.configure({ apiDomainTrailingSlash: false })
  expect((await refresh(emulator, body.refresh_token)).body.api_domain).toBe(
    emulator.dataCenters.us.apiDomain,
  )
})

it.each([
  ['both', ['state', 'code', 'location', 'accounts-server']],
  ['location', ['state', 'code', 'location']],
  ['accounts-server', ['state', 'code', 'accounts-server']],
  ['neither', ['state', 'code']],
] as const)(
  'callbackDataCenterParameters selects the parameters of the callback: %s',
  async (callbackDataCenterParameters, names) => {
    const emulator = await start({ callbackDataCenterParameters })
    expect([...(await decide(emulator, { decision: 'approve', account: 'eu' })).keys()]).toEqual(
      names,
    )
  },
)

it('new settings do not change existing codes and tokens', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  const { accessToken } = await connect(emulator)
  emulator.configure({ codeLifeSeconds: 1, accessTokenLifeSeconds: 1 })
  emulator.advanceClock(30)
  expect((await api(emulator, 'Candidates', accessToken)).status).toBe(200)
  expect((await exchange(emulator, code)).body.expires_in).toBe(1)
  const page = await fetch(authorizationUrl(emulator, { redirect_uri: redirectUri }))
  expect(page.status).toBe(200)
})

it('createEmulator refuses an unknown option, and names the nearest option', () => {
  for (const [name, nearest] of Object.entries({
    redirectUrls: 'redirectUris',
    clientID: 'clientId',
    dataCentres: 'dataCenters',
  }))
    expect(() => createEmulator({ [name]: 'x' })).toThrow(`did you mean ${nearest}?`)
})
