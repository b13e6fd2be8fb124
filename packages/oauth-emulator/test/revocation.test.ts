import { expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { api, connect, consent, exchange, post, refresh, start } from './support.ts'

type Three = Emulator<'us' | 'eu' | 'in'>
const legacy = (emulator: Three, token: string, at: 'us' | 'eu' = 'us') =>
  post(`${emulator.dataCenters[at].accountsServer}/oauth/v2/token/revoke`, { token })
const basic = ({ client }: Three, secret = client.secret) => ({
  authorization: `Basic ${btoa(`${client.id}:${secret}`)}`,
})
const modern = (
  emulator: Three,
  token: string,
  token_type = 'refresh_token',
  headers = basic(emulator),
) =>
  post(
    `${emulator.dataCenters.us.accountsServer}/oauth/v2/revoke/token`,
    { token, token_type },
    headers,
  )
const refreshes = async (emulator: Three, token: string, at: 'us' | 'eu' = 'us') =>
  'access_token' in (await refresh(emulator, token, at)).body
const reads = async (emulator: Three, token: string) =>
  (await api(emulator, 'Candidates', token)).status === 200

it.each([
  ['legacy', legacy],
  ['new', (emulator: Three, token: string) => modern(emulator, token)],
] as const)(
  'ends the whole grant by the %s contract, and no other user\u2019s',
  async (_, revoke) => {
    const emulator = await start()
    const [first, second, other] = [
      await connect(emulator),
      await connect(emulator),
      await connect(emulator, 'eu'),
    ]
    expect(await revoke(emulator, first.refreshToken)).toMatchObject({
      status: 200,
      text: '{"status":"success"}',
    })
    expect(await refreshes(emulator, first.refreshToken)).toBe(false)
    expect(await reads(emulator, first.accessToken)).toBe(false)
    expect(await refreshes(emulator, second.refreshToken)).toBe(false)
    expect(await reads(emulator, second.accessToken)).toBe(false)
    expect(await refreshes(emulator, other.refreshToken, 'eu')).toBe(true)
  },
)

it('revocationScope: token ends only that refresh token', async () => {
  const emulator = await start({ revocationScope: 'token' })
  const [first, second] = [await connect(emulator), await connect(emulator)]
  await legacy(emulator, first.refreshToken)
  expect(await refreshes(emulator, first.refreshToken)).toBe(false)
  expect(await reads(emulator, first.accessToken)).toBe(false)
  expect(await refreshes(emulator, second.refreshToken)).toBe(true)
  expect(await reads(emulator, second.accessToken)).toBe(true)
})

it('after the grant has ended, the next consent counts as the first', async () => {
  const emulator = await start()
  const { body } = await exchange(emulator, await consent(emulator))
  await legacy(emulator, body.refresh_token)
  expect((await exchange(emulator, await consent(emulator))).body).toHaveProperty('refresh_token')
})

it('revoking an access token keeps the refresh token', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  expect((await legacy(emulator, accessToken)).status).toBe(200)
  expect(await reads(emulator, accessToken)).toBe(false)
  expect(await refreshes(emulator, refreshToken)).toBe(true)
})

it('legacy: accepts the token in the query, and answers 400 to an invalid one', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  const invalid = { status: 400, text: '{"error":"The token passed in the request is invalid."}' }
  expect(await legacy(emulator, refreshToken, 'eu')).toMatchObject(invalid)
  const answer = await fetch(
    `${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke?token=${refreshToken}`,
    { method: 'POST' },
  )
  expect(answer.status).toBe(200)
  expect(await legacy(emulator, refreshToken)).toMatchObject(invalid)
  expect(await legacy(emulator, '')).toMatchObject(invalid)
})

it('new contract: requires client authentication and a token type', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  const invalidClient = { status: 200, text: '{"error":"invalid_client"}' }
  expect(
    await modern(emulator, refreshToken, 'refresh_token', basic(emulator, 'wrong')),
  ).toMatchObject(invalidClient)
  expect(
    await modern(emulator, refreshToken, 'refresh_token', { authorization: '' }),
  ).toMatchObject(invalidClient)
  expect((await modern(emulator, refreshToken, '')).status).toBe(400)
  expect((await modern(emulator, '')).status).toBe(400)
  const invalidToken = { status: 400, text: '{"error":"invalid_token"}' }
  expect(await modern(emulator, 'unknown')).toMatchObject(invalidToken)
  expect(await modern(emulator, refreshToken, 'access_token')).toMatchObject(invalidToken)
  expect(await refreshes(emulator, refreshToken)).toBe(true)
  expect((await modern(emulator, accessToken, 'access_token')).text).toBe('{"status":"success"}')
  expect(await reads(emulator, accessToken)).toBe(false)
})

it('serves the configured contracts and counts the calls of both', async () => {
  const emulator = await start({ revocation: 'legacy' })
  const { refreshToken } = await connect(emulator)
  expect((await modern(emulator, refreshToken)).status).toBe(404)
  expect((await legacy(emulator, refreshToken)).status).toBe(200)
  expect(emulator.calls().revoke).toBe(2)
  const other = await start({ revocation: 'new' })
  const connected = await connect(other)
  expect((await legacy(other, connected.refreshToken)).status).toBe(404)
  expect((await modern(other, connected.refreshToken)).status).toBe(200)
})

it('accepts only POST', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  for (const path of ['token/revoke', 'revoke/token']) {
    const answer = await fetch(
      `${emulator.dataCenters.us.accountsServer}/oauth/v2/${path}?token=${refreshToken}`,
      { headers: basic(emulator) },
    )
    expect(answer.status).toBe(405)
  }
  expect(await refreshes(emulator, refreshToken)).toBe(true)
})
