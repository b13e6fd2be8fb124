import { expect, it } from 'vitest'
import { api, connect, consent, exchange, refresh, start } from './support.ts'

const unbounded = { limit: 1000, windowSeconds: 600 }
const canRead = async (
  emulator: Awaited<ReturnType<typeof start>>,
  accessToken: string | undefined,
) => (await api(emulator, 'Candidates?per_page=1', accessToken)).status === 200

it.each([10, 15, 30])(
  'keeps %i valid access tokens per refresh token; the next one ends the oldest',
  async (liveAccessTokens) => {
    const emulator = await start({ liveAccessTokens, accessTokenBudget: unbounded })
    const { accessToken, refreshToken } = await connect(emulator)
    const all = [accessToken]
    while (all.length < liveAccessTokens)
      all.push((await refresh(emulator, refreshToken)).body.access_token)
    expect(await canRead(emulator, all[0])).toBe(true)
    all.push((await refresh(emulator, refreshToken)).body.access_token)
    expect((await api(emulator, 'Candidates', all[0])).body.code).toBe('INVALID_TOKEN')
    expect([await canRead(emulator, all[1]), await canRead(emulator, all.at(-1))]).toEqual([
      true,
      true,
    ])
    expect(emulator.tokens().accessTokens).toHaveLength(liveAccessTokens)
  },
)

it('a lower limit evicts tokens when the next token is issued', async () => {
  const emulator = await start({ liveAccessTokens: 30, accessTokenBudget: unbounded })
  const { refreshToken } = await connect(emulator)
  for (let made = 1; made < 20; made += 1) await refresh(emulator, refreshToken)
  emulator.configure({ liveAccessTokens: 10 })
  expect(emulator.tokens().accessTokens).toHaveLength(20)
  await refresh(emulator, refreshToken)
  expect(emulator.tokens().accessTokens).toHaveLength(10)
})

it('the 21st refresh token ends the oldest one and its access tokens', async () => {
  const emulator = await start({ refreshTokenBudget: unbounded })
  const all = []
  while (all.length < 20) all.push(await connect(emulator))
  expect(await canRead(emulator, all[0]?.accessToken)).toBe(true)
  all.push(await connect(emulator))
  expect(await canRead(emulator, all[0]?.accessToken)).toBe(false)
  expect((await refresh(emulator, all[0]?.refreshToken ?? '')).body).toEqual({
    error: 'invalid_code',
  })
  expect((await refresh(emulator, all[1]?.refreshToken ?? '')).body).toHaveProperty('access_token')
  expect(emulator.tokens().refreshTokens).toHaveLength(20)
})

it('refreshTokenOverflow: refuse answers Access Denied and uses up the code', async () => {
  const emulator = await start({ refreshTokenOverflow: 'refuse', refreshTokenBudget: unbounded })
  const all = []
  while (all.length < 20) all.push(await connect(emulator))
  const code = await consent(emulator)
  expect(await exchange(emulator, code)).toMatchObject({
    status: 200,
    text: '{"error":"Access Denied"}',
  })
  expect((await exchange(emulator, code)).body).toEqual({ error: 'invalid_code' })
  expect(await canRead(emulator, all[0]?.accessToken)).toBe(true)
  expect((await refresh(emulator, all[0]?.refreshToken ?? '')).body).toHaveProperty('access_token')
  expect((await connect(emulator, 'eu')).refreshToken).toMatch(/^1000\./)
})

it('refreshTokenOverflow: refuse allows consents without a refresh token', async () => {
  const emulator = await start({ refreshTokenOverflow: 'refuse', liveRefreshTokens: 1 })
  await connect(emulator)
  expect(
    (await exchange(emulator, await consent(emulator, 'us', { access_type: 'online' }))).body,
  ).toHaveProperty('access_token')
})
