import { expect, it } from 'vitest'
import type { Emulator } from '../src/index.ts'
import { api, connect, consent, exchange, post, refresh, start } from './support.ts'

type Started = Emulator<'us' | 'eu' | 'in'>
const revokeLegacy = (emulator: Started, token: string, at: 'us' | 'eu' = 'us') =>
  post(`${emulator.dataCenters[at].accountsServer}/oauth/v2/token/revoke`, { token })
const basic = ({ client }: Started, secret = client.secret) => ({
  authorization: `Basic ${btoa(`${client.id}:${secret}`)}`,
})
const revokeNew = (
  emulator: Started,
  token: string,
  token_type = 'refresh_token',
  headers = basic(emulator),
) =>
  post(
    `${emulator.dataCenters.us.accountsServer}/oauth/v2/revoke/token`,
    { token, token_type },
    headers,
  )
const canRefresh = async (emulator: Started, token: string, at: 'us' | 'eu' = 'us') =>
  'access_token' in (await refresh(emulator, token, at)).body
const canRead = async (emulator: Started, token: string) =>
  (await api(emulator, 'Candidates', token)).status === 200

it.each([
  ['legacy', revokeLegacy],
  ['new', (emulator: Started, token: string) => revokeNew(emulator, token)],
] as const)(
  'a revocation by the %s contract ends the whole grant, but no grant of another user',
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
    expect(await canRefresh(emulator, first.refreshToken)).toBe(false)
    expect(await canRead(emulator, first.accessToken)).toBe(false)
    expect(await canRefresh(emulator, second.refreshToken)).toBe(false)
    expect(await canRead(emulator, second.accessToken)).toBe(false)
    expect(await canRefresh(emulator, other.refreshToken, 'eu')).toBe(true)
  },
)

it('revocationScope: token ends only that refresh token and its access tokens', async () => {
  const emulator = await start({ revocationScope: 'token' })
  const [first, second] = [await connect(emulator), await connect(emulator)]
  await revokeLegacy(emulator, first.refreshToken)
  expect(await canRefresh(emulator, first.refreshToken)).toBe(false)
  expect(await canRead(emulator, first.accessToken)).toBe(false)
  expect(await canRefresh(emulator, second.refreshToken)).toBe(true)
  expect(await canRead(emulator, second.accessToken)).toBe(true)
})

it('after the grant has ended, the next consent counts as the first', async () => {
  const emulator = await start()
  const { body } = await exchange(emulator, await consent(emulator))
  await revokeLegacy(emulator, body.refresh_token)
  expect((await exchange(emulator, await consent(emulator))).body).toHaveProperty('refresh_token')
})

it('revoking an access token keeps the refresh token', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  expect((await revokeLegacy(emulator, accessToken)).status).toBe(200)
  expect(await canRead(emulator, accessToken)).toBe(false)
  expect(await canRefresh(emulator, refreshToken)).toBe(true)
})

it('legacy: accepts the token in the query, and answers 400 to an invalid one', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  const invalid = { status: 400, text: '{"error":"The token passed in the request is invalid."}' }
  expect(await revokeLegacy(emulator, refreshToken, 'eu')).toMatchObject(invalid)
  const response = await fetch(
    `${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke?token=${refreshToken}`,
    { method: 'POST' },
  )
  expect(response.status).toBe(200)
  expect(await revokeLegacy(emulator, refreshToken)).toMatchObject(invalid)
  expect(await revokeLegacy(emulator, '')).toMatchObject(invalid)
})

it('new contract: requires client authentication and a token type', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator)
  const invalidClient = { status: 200, text: '{"error":"invalid_client"}' }
  expect(
    await revokeNew(emulator, refreshToken, 'refresh_token', basic(emulator, 'wrong')),
  ).toMatchObject(invalidClient)
  expect(
    await revokeNew(emulator, refreshToken, 'refresh_token', { authorization: '' }),
  ).toMatchObject(invalidClient)
  expect((await revokeNew(emulator, refreshToken, '')).status).toBe(400)
  expect((await revokeNew(emulator, '')).status).toBe(400)
  const invalidToken = { status: 400, text: '{"error":"invalid_token"}' }
  expect(await revokeNew(emulator, 'unknown')).toMatchObject(invalidToken)
  expect(await revokeNew(emulator, refreshToken, 'access_token')).toMatchObject(invalidToken)
  expect(await canRefresh(emulator, refreshToken)).toBe(true)
  expect((await revokeNew(emulator, accessToken, 'access_token')).text).toBe('{"status":"success"}')
  expect(await canRead(emulator, accessToken)).toBe(false)
})

it('serves the configured contracts and counts the calls of both', async () => {
  const emulator = await start({ revocation: 'legacy' })
  const { refreshToken } = await connect(emulator)
  expect((await revokeNew(emulator, refreshToken)).status).toBe(404)
  expect((await revokeLegacy(emulator, refreshToken)).status).toBe(200)
  expect(emulator.calls().revoke).toBe(2)
  const other = await start({ revocation: 'new' })
  const connected = await connect(other)
  expect((await revokeLegacy(other, connected.refreshToken)).status).toBe(404)
  expect((await revokeNew(other, connected.refreshToken)).status).toBe(200)
})

it('accepts only POST', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  for (const path of ['token/revoke', 'revoke/token']) {
    const response = await fetch(
      `${emulator.dataCenters.us.accountsServer}/oauth/v2/${path}?token=${refreshToken}`,
      { headers: basic(emulator) },
    )
    expect(response.status).toBe(405)
  }
  expect(await canRefresh(emulator, refreshToken)).toBe(true)
})
