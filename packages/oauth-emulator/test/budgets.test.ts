import { expect, it } from 'vitest'
import { api, connect, consent, decide, exchange, refresh, start, throttled } from './support.ts'

// `connect` issues the first access token, so the loops below start at the second.
it('issues ten access tokens per refresh token, then blocks for ten minutes', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  // One minute before the window of the first token ends.
  emulator.advanceClock(540)
  for (let made = 1; made < 10; made += 1)
    expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
  expect(await refresh(emulator, refreshToken)).toMatchObject({ status: 400, text: throttled })
  // The block began at the first throttle response and lasts 600 seconds.
  emulator.advanceClock(590)
  expect((await refresh(emulator, refreshToken)).text).toBe(throttled)
  emulator.advanceClock(11)
  expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
})

it('blocks until the end of the current window if accessTokenBlock is `rest`', async () => {
  const emulator = await start({ accessTokenBlock: 'rest' })
  const { refreshToken } = await connect(emulator)
  // One minute before the window of the first token ends.
  emulator.advanceClock(540)
  for (let made = 1; made < 10; made += 1) await refresh(emulator, refreshToken)
  expect((await refresh(emulator, refreshToken)).text).toBe(throttled)
  emulator.advanceClock(61)
  expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
})

it('each refresh token has its own budget', async () => {
  const emulator = await start({ accessTokenBudget: { limit: 2, windowSeconds: 600 } })
  const [first, second] = [await connect(emulator), await connect(emulator)]
  expect((await refresh(emulator, first.refreshToken)).status).toBe(200)
  expect((await refresh(emulator, first.refreshToken)).status).toBe(400)
  expect((await refresh(emulator, second.refreshToken)).status).toBe(200)
})

it('throttleLanguage and throttleStatus change the throttle response', async () => {
  const emulator = await start({
    throttleLanguage: 'zh',
    throttleStatus: 200,
    accessTokenBudget: { limit: 1, windowSeconds: 600 },
  })
  const { refreshToken } = await connect(emulator)
  const text =
    '{"error_description":"您已连续提出过多请求，请稍后再试。","error":"拒绝访问","status":"failure"}'
  expect(await refresh(emulator, refreshToken)).toMatchObject({ status: 200, text })
})

it('the eleventh access token ends the oldest one', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  const others = []
  for (let made = 1; made < 10; made += 1)
    others.push((await refresh(emulator, refreshToken)).body.access_token)
  emulator.advanceClock(601)
  expect((await api(emulator, 'Candidates', accessToken)).status).toBe(200)
  expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
  expect((await api(emulator, 'Candidates', accessToken)).body.code).toBe('INVALID_TOKEN')
  expect((await api(emulator, 'Candidates', others[0])).status).toBe(200)
})

it('the 21st refresh token ends the oldest one and its access tokens', async () => {
  const emulator = await start()
  const all = []
  for (let made = 0; made < 20; made += 1) {
    all.push(await connect(emulator))
    // Five refresh tokens per minute are allowed: one per 12 seconds.
    emulator.advanceClock(13)
  }
  const [first, second] = all
  expect((await api(emulator, 'Candidates', first?.accessToken)).status).toBe(200)
  await connect(emulator)
  expect((await api(emulator, 'Candidates', first?.accessToken)).body.code).toBe('INVALID_TOKEN')
  expect((await refresh(emulator, first?.refreshToken ?? '')).text).toBe('{"error":"invalid_code"}')
  expect((await refresh(emulator, second?.refreshToken ?? '')).body).toHaveProperty('access_token')
  expect((await api(emulator, 'Candidates', second?.accessToken)).status).toBe(200)
})

it('each user has a separate limit of refresh tokens', async () => {
  const emulator = await start({ liveRefreshTokens: 1 })
  const [us, eu] = [await connect(emulator), await connect(emulator, 'eu')]
  expect((await refresh(emulator, us.refreshToken)).body).toHaveProperty('access_token')
  expect((await refresh(emulator, eu.refreshToken, 'eu')).body).toHaveProperty('access_token')
})

it('issues five refresh tokens per minute, then throttles; the code stays valid', async () => {
  const emulator = await start({ codeLifeSeconds: 180 })
  for (let made = 0; made < 5; made += 1) await connect(emulator)
  const code = await consent(emulator)
  expect(await exchange(emulator, code)).toMatchObject({ status: 400, text: throttled })
  expect((await connect(emulator, 'eu')).refreshToken).toMatch(/^1000\./)
  emulator.advanceClock(61)
  expect((await exchange(emulator, code)).body).toHaveProperty('refresh_token')
})

it('issues ten codes in ten minutes, then answers access_denied', async () => {
  const emulator = await start()
  for (let made = 0; made < 10; made += 1)
    expect(await consent(emulator, made % 2 === 0 ? 'us' : 'eu')).toMatch(/^1000\./)
  expect(Object.fromEntries(await decide(emulator, { decision: 'approve' }))).toEqual({
    error: 'access_denied',
    state: 'the-state',
  })
  emulator.advanceClock(601)
  expect(await consent(emulator)).toMatch(/^1000\./)
})
