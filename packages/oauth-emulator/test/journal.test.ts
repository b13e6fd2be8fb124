import { expect, it } from 'vitest'
import {
  api,
  authorizationUrl,
  connect,
  consent,
  decide,
  exchange,
  post,
  refresh,
  start,
} from './support.ts'
import { journalAt, lastCall, six } from './journal.ts'

it('records consent, exchange, call, refresh and revocation in order', async () => {
  const emulator = await start()
  await fetch(authorizationUrl(emulator))
  const code = await consent(emulator, 'eu')
  const { body: first } = await exchange(emulator, code, 'eu')
  await api(emulator, 'Candidates', first.access_token, 'eu')
  const { body: second } = await refresh(emulator, first.refresh_token, 'eu')
  await post(
    `${emulator.dataCenters.eu.accountsServer}/oauth/v2/token/revoke?token=${first.refresh_token}`,
    {},
  )

  const call = {
    event: 'called',
    at: expect.any(Number),
    sequence: expect.any(Number),
    dataCenter: 'eu',
    server: 'accountsServer',
    method: 'POST',
    grantType: null,
    status: 200,
    response: 'ok',
    fault: null,
  }
  const eu = {
    at: expect.any(Number),
    sequence: expect.any(Number),
    dataCenter: 'eu',
    user: 'lena.vogel@rheinbogen.example',
  }
  const refreshToken = { tokenType: 'refresh_token', token: six(first.refresh_token) }
  const accessToken = { tokenType: 'access_token', token: six(first.access_token) }
  expect(emulator.journal()).toEqual([
    { ...call, dataCenter: 'us', method: 'GET', path: '/oauth/v2/auth', response: 'page' },
    { ...call, dataCenter: 'us', path: '/oauth/v2/auth', status: 302, response: 'redirect' },
    {
      ...eu,
      event: 'issued',
      tokenType: 'authorization_code',
      token: six(code),
      refreshToken: null,
    },
    { ...call, path: '/oauth/v2/token', grantType: 'authorization_code' },
    { ...eu, event: 'issued', ...refreshToken, refreshToken: null },
    { ...eu, event: 'issued', ...accessToken, refreshToken: refreshToken.token },
    { ...call, server: 'recruitApi', method: 'GET', path: '/recruit/v2/Candidates' },
    { ...call, path: '/oauth/v2/token', grantType: 'refresh_token' },
    {
      ...eu,
      event: 'issued',
      tokenType: 'access_token',
      token: six(second.access_token),
      refreshToken: refreshToken.token,
    },
    { ...call, path: '/oauth/v2/token/revoke' },
    { ...eu, event: 'revoked', ...refreshToken, by: 'client' },
    { ...eu, event: 'revoked', ...accessToken, by: 'client' },
    {
      ...eu,
      event: 'revoked',
      tokenType: 'access_token',
      token: six(second.access_token),
      by: 'client',
    },
  ])
  expect((await journalAt(emulator)).body).toEqual(emulator.journal())
})

it('names the limit that evicted a token', async () => {
  const emulator = await start({ liveAccessTokens: 1, liveRefreshTokens: 1 })
  const first = await connect(emulator)
  const { body } = await refresh(emulator, first.refreshToken)
  await connect(emulator)
  const evicted = emulator.journal().filter((entry) => entry.event === 'evicted')
  expect(evicted).toMatchObject([
    { tokenType: 'access_token', token: six(first.accessToken), limit: 'liveAccessTokens' },
    { tokenType: 'refresh_token', token: six(first.refreshToken), limit: 'liveRefreshTokens' },
    { tokenType: 'access_token', token: six(body.access_token), limit: 'liveRefreshTokens' },
  ])
})

it('records a block once, at its start', async () => {
  const emulator = await start({
    accessTokenBudget: { limit: 1, windowSeconds: 600 },
    authorizationCodeBudget: { limit: 0, windowSeconds: 60 },
    refreshTokenBudget: { limit: 1, windowSeconds: 60 },
  })
  const { refreshToken } = await connect(emulator)
  for (let times = 0; times < 3; times += 1) await refresh(emulator, refreshToken)
  expect(lastCall(emulator)).toMatchObject({ status: 400, response: 'Access Denied', fault: null })
  await connect(emulator)
  await decide(emulator, { decision: 'approve' })
  expect(lastCall(emulator)).toMatchObject({ status: 302, response: 'access_denied' })
  const blocked = emulator.journal().filter((entry) => entry.event === 'blocked')
  const user = 'maya.brooks@harborpine.example'
  expect(blocked).toMatchObject([
    { budget: 'accessTokenBudget', refreshToken: six(refreshToken), user },
    { budget: 'refreshTokenBudget', refreshToken: null, user },
    { budget: 'authorizationCodeBudget', refreshToken: null, user },
  ])
  expect(blocked[0]?.until).toBe((blocked[0]?.at ?? 0) + 600_000)
})

it('distinguishes a revocation by the user from one by a test', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  emulator.endAccessTokens()
  emulator.revokeByUser({ dataCenter: 'us' })
  expect(emulator.journal().slice(-2)).toMatchObject([
    { event: 'revoked', token: six(accessToken), by: 'test' },
    { event: 'revoked', token: six(refreshToken), by: 'user' },
  ])
})

it('does not record the end of an expired token', async () => {
  const emulator = await start()
  await connect(emulator)
  emulator.advanceClock(3600)
  const before = emulator.journal().length
  emulator.endAccessTokens()
  expect(emulator.journal()).toHaveLength(before)
})

it('records the applied fault and the response before its corruption', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  emulator.addFault({ on: 'token', kind: 'drop-after', times: 1 })
  await expect(refresh(emulator, refreshToken)).rejects.toThrow('fetch failed')
  expect(lastCall(emulator)).toMatchObject({
    status: null,
    response: 'no response',
    fault: 'drop-after',
    grantType: 'refresh_token',
  })
  emulator.addFault({ on: 'token', kind: 'truncated', times: 1 })
  await post(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token`, {
    grant_type: 'refresh_token',
    client_id: 'x',
    client_secret: 'y',
  }).catch(() => undefined)
  expect(lastCall(emulator)).toMatchObject({
    status: 200,
    response: 'invalid_client',
    fault: 'truncated',
  })
  emulator.addFault({ on: 'token', kind: 'throttle', language: 'zh', times: 1 })
  await refresh(emulator, refreshToken)
  expect(lastCall(emulator)).toMatchObject({ status: 400, response: '拒绝访问', fault: 'throttle' })
  emulator.addFault({ on: 'api', kind: 'empty', times: 1 })
  await api(emulator, 'Candidates', undefined)
  expect(lastCall(emulator)).toMatchObject({
    status: 200,
    response: 'no body',
    fault: 'empty',
    server: 'recruitApi',
  })
})

it('shows a call that is not answered yet', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  emulator.addFault({ on: 'token', kind: 'silence', times: 1 })
  const given = new AbortController()
  const waiting = emulator.fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token`, {
    method: 'POST',
    signal: given.signal,
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  })
  await expect
    .poll(() => lastCall(emulator))
    .toMatchObject({ status: null, response: 'waiting', fault: 'silence' })
  given.abort()
  await expect(waiting).rejects.toThrow()
  expect(lastCall(emulator)).toMatchObject({ status: null, response: 'no response' })
})
