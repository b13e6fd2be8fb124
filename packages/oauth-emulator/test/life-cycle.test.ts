import { expect, it } from 'vitest'
import { api, consent, decide, exchange, redirectUri, refresh, start, token } from './support.ts'

it('consent, exchange, call, refresh and revocation work at the user’s data center', async () => {
  const emulator = await start()
  const callback = await decide(emulator, { decision: 'approve', account: 'eu' })
  expect(callback.get('state')).toBe('the-state')
  expect(callback.get('location')).toBe('eu')
  expect(callback.get('accounts-server')).toBe(emulator.dataCenters.eu.accountsServer)
  const code = callback.get('code') ?? ''
  expect(code).toMatch(/^1000\.[0-9a-f]{32}\.[0-9a-f]{32}$/)

  const { status, body } = await exchange(emulator, code, 'eu')
  expect(status).toBe(200)
  expect(body).toEqual({
    access_token: expect.stringMatching(/^1000\.[0-9a-f]{32}\.[0-9a-f]{32}$/),
    refresh_token: expect.stringMatching(/^1000\.[0-9a-f]{32}\.[0-9a-f]{32}$/),
    api_domain: emulator.dataCenters.eu.apiDomain,
    token_type: 'Bearer',
    expires_in: 3600,
  })
  expect((await api(emulator, 'Candidates', body.access_token, 'eu')).status).toBe(200)

  const refreshed = await refresh(emulator, body.refresh_token, 'eu')
  expect(Object.keys(refreshed.body)).toEqual([
    'access_token',
    'api_domain',
    'token_type',
    'expires_in',
  ])
  expect(refreshed.body.access_token).not.toBe(body.access_token)
  expect((await api(emulator, 'Candidates', refreshed.body.access_token, 'eu')).status).toBe(200)

  const revoked = await fetch(
    `${emulator.dataCenters.eu.accountsServer}/oauth/v2/token/revoke?token=${body.refresh_token}`,
    { method: 'POST' },
  )
  expect(await revoked.json()).toEqual({ status: 'success' })
  expect((await refresh(emulator, body.refresh_token, 'eu')).text).toBe('{"error":"invalid_code"}')
  expect((await api(emulator, 'Candidates', refreshed.body.access_token, 'eu')).body.code).toBe(
    'INVALID_TOKEN',
  )
  expect(emulator.calls()).toEqual({ token: 3, revoke: 1, authorize: 0, api: 3 })
})

it('the token endpoint accepts a query, a URL-encoded body and a multipart body', async () => {
  const emulator = await start()
  const url = `${emulator.dataCenters.us.accountsServer}/oauth/v2/token`
  const fields = async () => ({
    grant_type: 'authorization_code',
    client_id: emulator.client.id,
    client_secret: emulator.client.secret,
    redirect_uri: redirectUri,
    code: await consent(emulator),
  })
  const form = new FormData()
  for (const [name, value] of Object.entries(await fields())) form.set(name, value)
  const requests: [string, RequestInit][] = [
    [`${url}?${new URLSearchParams(await fields())}`, { method: 'POST' }],
    [url, { method: 'POST', body: new URLSearchParams(await fields()) }],
    [url, { method: 'POST', body: form }],
  ]
  for (const [address, init] of requests) {
    const response = await fetch(address, init)
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(await response.json()).toHaveProperty('access_token')
  }
})

it('only the first offline consent and prompt=consent return a refresh token', async () => {
  const emulator = await start()
  const issued = async (fields: Record<string, string | undefined>) =>
    'refresh_token' in (await exchange(emulator, await consent(emulator, 'us', fields))).body
  expect(await issued({})).toBe(true)
  expect(await issued({})).toBe(false)
  expect(await issued({ prompt: 'consent' })).toBe(true)
  expect(await issued({ prompt: 'consent', access_type: 'online' })).toBe(false)
  expect(await issued({ prompt: 'consent', access_type: undefined })).toBe(false)
})

it('an online consent never returns a refresh token', async () => {
  const emulator = await start()
  const { body } = await exchange(
    emulator,
    await consent(emulator, 'in', { access_type: 'online' }),
    'in',
  )
  expect(body.refresh_token).toBeUndefined()
  expect((await api(emulator, 'Candidates', body.access_token, 'in')).status).toBe(200)
})

it('an access token expires after an hour on the emulator’s clock', async () => {
  const emulator = await start()
  const { body } = await exchange(emulator, await consent(emulator))
  emulator.advanceClock(3590)
  expect((await api(emulator, 'Candidates', body.access_token)).status).toBe(200)
  emulator.advanceClock(10)
  expect((await api(emulator, 'Candidates', body.access_token)).text).toBe(
    '{"code":"INVALID_TOKEN","message":"invalid oauth token","status":"error"}',
  )
  expect((await refresh(emulator, body.refresh_token)).body).toHaveProperty('access_token')
})

it('scopeInResponses adds the scope to token responses', async () => {
  const emulator = await start({ scopeInResponses: 'space' })
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.ALL,ZohoRecruit.org.read',
    dataCenter: 'us',
  })
  const { body } = await token(emulator, { grant_type: 'authorization_code', code })
  expect(body.scope).toBe('ZohoRecruit.modules.ALL ZohoRecruit.org.read')
})
