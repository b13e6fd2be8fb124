import { expect, it } from 'vitest'
import { consent, connect, exchange, post, redirectUri, refresh, start, token } from './support.ts'

const errorResponse = (error: string) => ({
  status: 200,
  text: `{"error":"${error}"}`,
  body: { error },
})

it('refuses an unknown client and a wrong secret', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  expect(await exchange(emulator, code, 'us', { client_id: '1000.OTHER' })).toEqual(
    errorResponse('invalid_client'),
  )
  expect(await exchange(emulator, code, 'us', { client_secret: 'wrong' })).toEqual(
    errorResponse('invalid_client_secret'),
  )
  expect((await exchange(emulator, code)).body).toHaveProperty('access_token')
})

it('a code can be exchanged only once', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  expect((await exchange(emulator, code)).body).toHaveProperty('access_token')
  expect(await exchange(emulator, code)).toEqual(errorResponse('invalid_code'))
})

it('two concurrent exchanges of a code succeed only once', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  const responses = await Promise.all(Array.from({ length: 8 }, () => exchange(emulator, code)))
  expect(responses.filter(({ body }) => 'access_token' in body)).toHaveLength(1)
})

it('a code expires after its lifetime', async () => {
  const emulator = await start()
  const [first, second] = [await consent(emulator), await consent(emulator, 'eu')]
  emulator.advanceClock(55)
  expect((await exchange(emulator, first)).body).toHaveProperty('access_token')
  emulator.advanceClock(5)
  expect(await exchange(emulator, second, 'eu')).toEqual(errorResponse('invalid_code'))
})

it('codeLifeSeconds sets the lifetime of a code', async () => {
  const emulator = await start({ codeLifeSeconds: 120 })
  const code = await consent(emulator)
  emulator.advanceClock(115)
  expect((await exchange(emulator, code)).body).toHaveProperty('access_token')
})

it('a code can be exchanged only at the accounts server of its user', async () => {
  const emulator = await start()
  const code = await consent(emulator, 'eu')
  expect(await exchange(emulator, code, 'us')).toEqual(errorResponse('invalid_code'))
  expect(await exchange(emulator, code, 'in')).toEqual(errorResponse('invalid_code'))
  expect((await exchange(emulator, code, 'eu')).body).toHaveProperty('access_token')
})

it('a refresh works only at the accounts server of the user', async () => {
  const emulator = await start()
  const { refreshToken, accessToken } = await connect(emulator, 'in')
  expect(await refresh(emulator, refreshToken, 'us')).toEqual(errorResponse('invalid_code'))
  expect(await refresh(emulator, accessToken, 'in')).toEqual(errorResponse('invalid_code'))
  expect((await refresh(emulator, refreshToken, 'in')).body).toHaveProperty('access_token')
})

it('a different redirect URI is refused and uses up the code', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  expect(await exchange(emulator, code, 'us', { redirect_uri: `${redirectUri}/` })).toEqual(
    errorResponse('invalid_redirect_uri'),
  )
  expect(await exchange(emulator, code)).toEqual(errorResponse('invalid_code'))
})

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = {
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

it('verifies PKCE if the request had a challenge (RFC 7636 appendix B)', async () => {
  const emulator = await start()
  const withChallenge = () => consent(emulator, 'us', challenge)
  expect(
    (await exchange(emulator, await withChallenge(), 'us', { code_verifier: verifier })).body,
  ).toHaveProperty('access_token')
  expect(
    await exchange(emulator, await withChallenge(), 'us', { code_verifier: `${verifier}x` }),
  ).toEqual(errorResponse('invalid_code'))
  expect(await exchange(emulator, await withChallenge())).toEqual(errorResponse('invalid_code'))
  const plain = () => consent(emulator, 'us', { code_challenge: verifier })
  expect(
    (await exchange(emulator, await plain(), 'us', { code_verifier: verifier })).body,
  ).toHaveProperty('access_token')
  expect(
    await exchange(emulator, await plain(), 'us', { code_verifier: challenge.code_challenge }),
  ).toEqual(errorResponse('invalid_code'))
})

it('pkce: ignore skips the verification', async () => {
  const emulator = await start({ pkce: 'ignore' })
  expect((await exchange(emulator, await consent(emulator, 'us', challenge))).body).toHaveProperty(
    'access_token',
  )
})

it.each<[string, Record<string, string>]>([
  ['no grant type', {}],
  ['an unknown grant type', { grant_type: 'password' }],
  ['no code', { grant_type: 'authorization_code', redirect_uri: redirectUri }],
  ['no refresh token', { grant_type: 'refresh_token' }],
  ['no client id', { grant_type: 'refresh_token', refresh_token: 'x', client_id: '' }],
  ['no client secret', { grant_type: 'refresh_token', refresh_token: 'x', client_secret: '' }],
])('answers 400 and a page to %s', async (_, fields) => {
  const emulator = await start()
  const { status, text } = await token(emulator, fields)
  expect(status).toBe(400)
  expect(text).toContain('<h1>400 Bad request</h1>')
})

it('a missing redirect URI is 400, except for a Self Client code', async () => {
  const emulator = await start()
  expect(
    (await token(emulator, { grant_type: 'authorization_code', code: await consent(emulator) }))
      .status,
  ).toBe(400)
  expect((await connect(emulator)).refreshToken).toMatch(/^1000\./)
})

it('the token endpoint supports neither HTTP Basic nor JSON nor GET', async () => {
  const emulator = await start()
  const { id, secret } = emulator.client
  const url = `${emulator.dataCenters.us.accountsServer}/oauth/v2/token`
  const fields = {
    grant_type: 'authorization_code',
    code: await consent(emulator),
    redirect_uri: redirectUri,
  }
  const all = { ...fields, client_id: id, client_secret: secret }
  expect(
    (await post(url, fields, { authorization: `Basic ${btoa(`${id}:${secret}`)}` })).status,
  ).toBe(400)
  expect(
    (
      await fetch(url, {
        method: 'POST',
        body: JSON.stringify(all),
        headers: { 'content-type': 'application/json' },
      })
    ).status,
  ).toBe(400)
  expect((await fetch(`${url}?${new URLSearchParams(all)}`)).status).toBe(400)
  expect(emulator.calls().token).toBe(3)
  expect((await exchange(emulator, fields.code)).body).toHaveProperty('access_token')
})
