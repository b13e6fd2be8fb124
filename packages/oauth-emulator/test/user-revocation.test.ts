import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { api, connect, consent, exchange, refresh, start } from './support.ts'
import { exchangeRequest, refreshRequest, transports } from './transports.ts'

type Started = Awaited<ReturnType<typeof start>>

async function control(emulator: Started, method: string, path: string, body?: unknown) {
  const url = `${emulator.dataCenters.in.accountsServer}/_emulator/${path}`
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.json() }
}

const email = 'lena.vogel@rheinbogen.example'

it.each<[string, (emulator: Started) => unknown]>([
  ['by data center in process', (emulator) => emulator.revokeByUser({ dataCenter: 'eu' })],
  ['by e-mail address in process', (emulator) => emulator.revokeByUser({ user: email })],
  [
    'by data center at the endpoint',
    async (emulator) => (await control(emulator, 'POST', 'revocations', { account: 'eu' })).body,
  ],
  [
    'by e-mail address at the endpoint',
    async (emulator) => (await control(emulator, 'POST', 'revocations', { account: email })).body,
  ],
])(
  'a revocation by the user ends all tokens and codes of this user only: %s',
  async (_, revoke) => {
    const emulator = await start()
    const [first, second, other] = [
      await connect(emulator, 'eu'),
      await connect(emulator, 'eu'),
      await connect(emulator, 'us'),
    ]
    const code = await consent(emulator, 'eu')
    expect(await revoke(emulator)).toEqual({ refreshTokens: 2, accessTokens: 2 })
    for (const { refreshToken, accessToken } of [first, second]) {
      expect((await refresh(emulator, refreshToken, 'eu')).body).toEqual({ error: 'invalid_code' })
      expect((await api(emulator, 'Candidates', accessToken, 'eu')).body.code).toBe('INVALID_TOKEN')
    }
    expect((await exchange(emulator, code, 'eu')).body).toEqual({ error: 'invalid_code' })
    expect((await refresh(emulator, other.refreshToken)).body).toHaveProperty('access_token')
    expect(await revoke(emulator)).toEqual({ refreshTokens: 0, accessTokens: 0 })
  },
)

it('the next consent counts as the first with every revocationScope', async () => {
  const emulator = await start({ revocationScope: 'token' })
  expect((await exchange(emulator, await consent(emulator))).body).toHaveProperty('refresh_token')
  expect((await exchange(emulator, await consent(emulator))).body).not.toHaveProperty(
    'refresh_token',
  )
  emulator.revokeByUser({ dataCenter: 'us' })
  expect((await exchange(emulator, await consent(emulator))).body).toHaveProperty('refresh_token')
})

it('an unknown user is refused with the list of users', async () => {
  const emulator = await start()
  const message =
    /^account: no user "jp": use a data center or an e-mail address of us \(maya.*eu \(lena/
  expect(() => emulator.revokeByUser({ dataCenter: 'jp' })).toThrow(message)
  expect(() => createEmulator().revokeByUser({ user: 'nobody@example.org' })).toThrow(
    /no user "nobody@example.org"/,
  )
  expect(await control(emulator, 'POST', 'revocations', { account: 'jp' })).toEqual({
    status: 400,
    body: { error: expect.stringMatching(message) },
  })
  expect(await control(emulator, 'POST', 'revocations', {})).toEqual({
    status: 400,
    body: { error: expect.stringMatching(/^account: missing/) },
  })
})

it.each<[string, (emulator: Started) => unknown]>([
  ['in process', (emulator) => emulator.endAccessTokens()],
  [
    'at the endpoint',
    async (emulator) => (await control(emulator, 'DELETE', 'access-tokens')).body,
  ],
])('ends all access tokens and no refresh token: %s', async (_, end) => {
  const emulator = await start()
  const [us, eu] = [await connect(emulator), await connect(emulator, 'eu')]
  expect(await end(emulator)).toEqual({ refreshTokens: 0, accessTokens: 2 })
  expect((await api(emulator, 'Candidates', us.accessToken)).body.code).toBe('INVALID_TOKEN')
  expect((await api(emulator, 'Candidates', eu.accessToken, 'eu')).body.code).toBe('INVALID_TOKEN')
  const renewed = await refresh(emulator, eu.refreshToken, 'eu')
  expect((await api(emulator, 'Candidates', renewed.body.access_token, 'eu')).status).toBe(200)
})

it.each(transports)('revokes and ends access tokens %s', async (_, startEmulator) => {
  const target = await startEmulator()
  const { access_token, refresh_token } = (await (
    await target.send(...exchangeRequest(target))
  ).json()) as Record<string, string>
  const read = () =>
    target.send(`${target.emulator.dataCenters.us.recruitApi}/Candidates`, {
      headers: { authorization: `Zoho-oauthtoken ${access_token}` },
    })
  expect((await read()).status).toBe(200)
  target.emulator.endAccessTokens()
  expect((await read()).status).toBe(401)
  expect((await target.send(...refreshRequest(target, refresh_token ?? ''))).status).toBe(200)
  target.emulator.revokeByUser({ dataCenter: 'us' })
  expect(await (await target.send(...refreshRequest(target, refresh_token ?? ''))).json()).toEqual({
    error: 'invalid_code',
  })
})
