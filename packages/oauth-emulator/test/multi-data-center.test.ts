import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import {
  authorizationUrl,
  connect,
  consent,
  decide,
  exchange,
  post,
  refresh,
  start,
  token,
} from './support.ts'
import { refreshRequest, transports } from './transports.ts'

const secrets = { us: 'secret-of-us', eu: 'secret-of-eu', in: 'secret-of-in' }
const invalidClient = { status: 200, text: '{"error":"invalid_client"}' }

it('all data centers share one secret by default', async () => {
  const emulator = await start({ clientSecret: 'common' })
  expect(emulator.client).toMatchObject({
    secret: 'common',
    secrets: { us: 'common', eu: 'common', in: 'common' },
    secretPerDataCenter: false,
  })
  for (const at of ['us', 'eu', 'in'] as const) {
    expect(
      await token(
        emulator,
        { grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' },
        at,
      ),
    ).toMatchObject({ text: '{"error":"invalid_client_secret"}' })
  }
})

it('the secret of another data center gets invalid_client and keeps the code usable', async () => {
  const emulator = await start({ clientSecret: secrets })
  expect(emulator.client).toMatchObject({ secret: secrets.us, secrets, secretPerDataCenter: true })
  for (const at of ['us', 'eu', 'in'] as const) {
    const code = await consent(emulator, at)
    for (const client_secret of [
      ...Object.values(secrets).filter((other) => other !== secrets[at]),
      'wrong',
    ]) {
      expect(await exchange(emulator, code, at, { client_secret })).toMatchObject(invalidClient)
    }
    const exchanged = await exchange(emulator, code, at, { client_secret: secrets[at] })
    expect(exchanged.body).toHaveProperty('refresh_token')
  }
})

it('the new revocation contract also requires the secret of the data center', async () => {
  const emulator = await start({ clientSecret: secrets })
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.ALL',
    dataCenter: 'eu',
  })
  const { body } = await exchange(emulator, code, 'eu', { client_secret: secrets.eu })
  const revoke = (secret: string) =>
    post(
      `${emulator.dataCenters.eu.accountsServer}/oauth/v2/revoke/token`,
      { token: body.refresh_token, token_type: 'refresh_token' },
      { authorization: `Basic ${btoa(`${emulator.client.id}:${secret}`)}` },
    )
  expect(await revoke(secrets.us)).toMatchObject(invalidClient)
  expect((await revoke(secrets.eu)).body).toEqual({ status: 'success' })
})

it.each([
  [{ us: 'a', eu: 'b' }, /data center in is missing: set exactly one for each of us, eu, in/],
  [{ ...secrets, jp: 'd' }, /is not emulated/],
  [{ ...secrets, eu: '' }, /client secret is empty/],
  [{ ...secrets, eu: 7 }, /client secret/],
])('refuses invalid secrets without quoting them: %#', (clientSecret, message) => {
  expect(() => createEmulator({ clientSecret: clientSecret as unknown as typeof secrets })).toThrow(
    message,
  )
  expect(() =>
    createEmulator({ clientSecret: clientSecret as unknown as typeof secrets }),
  ).not.toThrow(/secret-of/)
})

it.each(transports)(
  'knows the client only where it is registered when multi-DC is off, %s',
  async (_, startEmulator) => {
    const target = await startEmulator({ multiDataCenter: false })
    for (const [at, known] of [
      ['us', true],
      ['eu', false],
      ['in', false],
    ] as const) {
      const answer = await target.send(...refreshRequest(target, 'unknown', at))
      expect(await answer.json()).toEqual({ error: known ? 'invalid_code' : 'invalid_client' })
    }
  },
)

it('where multi-DC is off, consent returns a code but its exchange fails', async () => {
  const emulator = await start({ multiDataCenter: ['in'] })
  const callback = await decide(emulator, { decision: 'approve', account: 'eu' })
  expect(callback.get('location')).toBe('eu')
  const code = callback.get('code') ?? ''
  expect(await exchange(emulator, code, 'eu')).toMatchObject(invalidClient)
  expect(await exchange(emulator, code, 'us')).toMatchObject({ text: '{"error":"invalid_code"}' })
  expect((await exchange(emulator, await consent(emulator, 'in'), 'in')).body).toHaveProperty(
    'access_token',
  )
  emulator.configure({ multiDataCenter: true })
  expect((await exchange(emulator, code, 'eu')).body).toHaveProperty('access_token')
})

it('an authorization request where multi-DC is off shows an Invalid Client page', async () => {
  const emulator = await start({ multiDataCenter: false })
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(authorizationUrl(emulator, {}, 'eu'), { method, redirect: 'manual' })
    expect(answer.status).toBe(400)
    const text = await answer.text()
    expect(text).toContain('<h1>Invalid Client</h1>')
    expect(text).toContain('Multi-DC is switched off for eu')
  }
})

it('refreshes fail while multi-DC is off, and work again afterwards', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator, 'eu')
  emulator.configure({ multiDataCenter: false })
  expect(await refresh(emulator, refreshToken, 'eu')).toMatchObject(invalidClient)
  const basic = {
    authorization: `Basic ${btoa(`${emulator.client.id}:${emulator.client.secret}`)}`,
  }
  const revoke = { token: refreshToken, token_type: 'refresh_token' }
  expect(
    await post(`${emulator.dataCenters.eu.accountsServer}/oauth/v2/revoke/token`, revoke, basic),
  ).toMatchObject(invalidClient)
  emulator.configure({ multiDataCenter: ['eu'] })
  expect((await refresh(emulator, refreshToken, 'eu')).body).toHaveProperty('access_token')
})
