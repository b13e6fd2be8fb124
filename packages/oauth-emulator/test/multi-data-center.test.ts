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
  for (const dataCenter of ['us', 'eu', 'in'] as const) {
    expect(
      await token(
        emulator,
        { grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' },
        dataCenter,
      ),
    ).toMatchObject({ text: '{"error":"invalid_client_secret"}' })
  }
})

it('the secret of another data center gets invalid_client, and uses up no code', async () => {
  const emulator = await start({ clientSecret: secrets })
  expect(emulator.client).toMatchObject({ secret: secrets.us, secrets, secretPerDataCenter: true })
  for (const dataCenter of ['us', 'eu', 'in'] as const) {
    const code = await consent(emulator, dataCenter)
    for (const client_secret of [
      ...Object.values(secrets).filter((other) => other !== secrets[dataCenter]),
      'wrong',
    ]) {
      expect(await exchange(emulator, code, dataCenter, { client_secret })).toMatchObject(
        invalidClient,
      )
    }
    const exchanged = await exchange(emulator, code, dataCenter, {
      client_secret: secrets[dataCenter],
    })
    expect(exchanged.body).toHaveProperty('refresh_token')
  }
})

it('`POST /oauth/v2/revoke/token` also requires the secret of the data center', async () => {
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
  [
    'a missing data center',
    { us: secrets.us, eu: secrets.eu },
    'data center "in" is missing: set exactly one secret for each of "us", "eu", "in"',
  ],
  ['an unknown data center', { ...secrets, jp: 'secret-of-jp' }, 'is not emulated'],
  ['an empty secret', { ...secrets, eu: '' }, 'client secret is empty'],
  ['a number', { ...secrets, eu: 7 }, 'client secret'],
])('invalid secrets are refused with a message that contains none of them: %s', (...row) => {
  const [, clientSecret, message] = row
  const create = () => createEmulator({ clientSecret: clientSecret as unknown as typeof secrets })
  expect(create).toThrow(message)
  expect(create).toThrow(/^((?!secret-of).)*$/s)
})

it.each(transports)(
  'with multi-DC off, only the data center where the client is registered accepts it, %s',
  async (_, startEmulator) => {
    const target = await startEmulator({ multiDataCenter: false })
    for (const [dataCenter, isClientKnown] of [
      ['us', true],
      ['eu', false],
      ['in', false],
    ] as const) {
      // If the client is accepted, the error is about the refresh token.
      const response = await target.send(
        ...refreshRequest(target, 'no-such-refresh-token', dataCenter),
      )
      expect(await response.json()).toEqual({
        error: isClientKnown ? 'invalid_code' : 'invalid_client',
      })
    }
  },
)

it('while multi-DC is off for a data center, its codes cannot be exchanged', async () => {
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

it('with multi-DC off, the authorization endpoint shows an Invalid Client page', async () => {
  const emulator = await start({ multiDataCenter: false })
  for (const method of ['GET', 'POST']) {
    const response = await fetch(authorizationUrl(emulator, {}, 'eu'), {
      method,
      redirect: 'manual',
    })
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(text).toContain('<h1>Invalid Client</h1>')
    expect(text).toContain('Multi-DC is switched off for eu')
  }
})

it('refresh and revocation fail while multi-DC is off, but not afterwards', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator, 'eu')
  emulator.configure({ multiDataCenter: false })
  expect(await refresh(emulator, refreshToken, 'eu')).toMatchObject(invalidClient)
  const basic = {
    authorization: `Basic ${btoa(`${emulator.client.id}:${emulator.client.secret}`)}`,
  }
  const revocationForm = { token: refreshToken, token_type: 'refresh_token' }
  expect(
    await post(
      `${emulator.dataCenters.eu.accountsServer}/oauth/v2/revoke/token`,
      revocationForm,
      basic,
    ),
  ).toMatchObject(invalidClient)
  emulator.configure({ multiDataCenter: ['eu'] })
  expect((await refresh(emulator, refreshToken, 'eu')).body).toHaveProperty('access_token')
})
