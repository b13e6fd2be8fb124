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
const wrongClient = { status: 200, text: '{"error":"invalid_client"}' }

it('has one secret for all data centers unless told otherwise', async () => {
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

it('has a secret for each data center; another\u2019s is invalid_client there and spends nothing', async () => {
  const emulator = await start({ clientSecret: secrets })
  expect(emulator.client).toMatchObject({ secret: secrets.us, secrets, secretPerDataCenter: true })
  for (const at of ['us', 'eu', 'in'] as const) {
    const code = await consent(emulator, at)
    for (const client_secret of [
      ...Object.values(secrets).filter((other) => other !== secrets[at]),
      'wrong',
    ]) {
      expect(await exchange(emulator, code, at, { client_secret })).toMatchObject(wrongClient)
    }
    const exchanged = await exchange(emulator, code, at, { client_secret: secrets[at] })
    expect(exchanged.body).toHaveProperty('refresh_token')
  }
})

it('asks for the secret of the data center in the new revocation contract too', async () => {
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
  expect(await revoke(secrets.us)).toMatchObject(wrongClient)
  expect((await revoke(secrets.eu)).body).toEqual({ status: 'success' })
})

it.each([
  [{ us: 'a', eu: 'b' }, /data center in is missing: give exactly one for each of us, eu, in/],
  [{ ...secrets, jp: 'd' }, /does not stand/],
  [{ ...secrets, eu: '' }, /client secret is empty/],
  [{ ...secrets, eu: 7 }, /client secret/],
])('refuses secrets that do not fit, without repeating any: %#', (clientSecret, message) => {
  expect(() => createEmulator({ clientSecret: clientSecret as unknown as typeof secrets })).toThrow(
    message,
  )
  expect(() =>
    createEmulator({ clientSecret: clientSecret as unknown as typeof secrets }),
  ).not.toThrow(/secret-of/)
})

it.each(transports)(
  'knows the client only where it is registered when multi-DC is off, %s',
  async (_, reach) => {
    const reached = await reach({ multiDataCenter: false })
    for (const [at, known] of [
      ['us', true],
      ['eu', false],
      ['in', false],
    ] as const) {
      const answer = await reached.send(...refreshRequest(reached, 'unknown', at))
      expect(await answer.json()).toEqual({ error: known ? 'invalid_code' : 'invalid_client' })
    }
  },
)

it('lets a user of a data center that is off come back, and fails at the exchange without spending the code', async () => {
  const emulator = await start({ multiDataCenter: ['in'] })
  const callback = await decide(emulator, { decision: 'approve', account: 'eu' })
  expect(callback.get('location')).toBe('eu')
  const code = callback.get('code') ?? ''
  expect(await exchange(emulator, code, 'eu')).toMatchObject(wrongClient)
  expect(await exchange(emulator, code, 'us')).toMatchObject({ text: '{"error":"invalid_code"}' })
  expect((await exchange(emulator, await consent(emulator, 'in'), 'in')).body).toHaveProperty(
    'access_token',
  )
  emulator.configure({ multiDataCenter: true })
  expect((await exchange(emulator, code, 'eu')).body).toHaveProperty('access_token')
})

it('shows an Invalid Client page to an authorization request that begins where multi-DC is off', async () => {
  const emulator = await start({ multiDataCenter: false })
  for (const method of ['GET', 'POST']) {
    const answer = await fetch(authorizationUrl(emulator, {}, 'eu'), { method, redirect: 'manual' })
    expect(answer.status).toBe(400)
    const text = await answer.text()
    expect(text).toContain('<h1>Invalid Client</h1>')
    expect(text).toContain('Multi-DC is switched off for eu')
  }
})

it('switches a data center off while it runs: refreshes fail there, and live again when it is on', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator, 'eu')
  emulator.configure({ multiDataCenter: false })
  expect(await refresh(emulator, refreshToken, 'eu')).toMatchObject(wrongClient)
  const basic = {
    authorization: `Basic ${btoa(`${emulator.client.id}:${emulator.client.secret}`)}`,
  }
  const revoke = { token: refreshToken, token_type: 'refresh_token' }
  expect(
    await post(`${emulator.dataCenters.eu.accountsServer}/oauth/v2/revoke/token`, revoke, basic),
  ).toMatchObject(wrongClient)
  emulator.configure({ multiDataCenter: ['eu'] })
  expect((await refresh(emulator, refreshToken, 'eu')).body).toHaveProperty('access_token')
})
