import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { redirectUri } from './support.ts'

const grant = { grant_type: 'authorization_code', redirect_uri: redirectUri }

it('fetch() selects the server by origin, without an open port', async () => {
  const emulator = createEmulator({ redirectUris: [redirectUri] })
  const { id: client_id, secret: client_secret } = emulator.client
  const { code } = emulator.issueSelfClientCode({
    scope: 'ZohoRecruit.modules.ALL',
    dataCenter: 'in',
  })
  const body = new URLSearchParams({ ...grant, client_id, client_secret, code })
  const response = await emulator.fetch(
    `${emulator.dataCenters.in.accountsServer}/oauth/v2/token`,
    {
      method: 'POST',
      body,
    },
  )
  const { access_token, api_domain } = (await response.json()) as {
    access_token: string
    api_domain: string
  }
  expect(api_domain).toBe('http://api.in.emulator.localhost')
  const headers = { authorization: `Zoho-oauthtoken ${access_token}` }
  expect(
    (
      await emulator.fetch(
        new Request(`${emulator.dataCenters.in.recruitApi}/Candidates`, { headers }),
      )
    ).status,
  ).toBe(200)
  expect(
    (await emulator.fetch(`${emulator.dataCenters.us.recruitApi}/Candidates`, { headers })).status,
  ).toBe(401)
  await expect(emulator.fetch('https://accounts.zoho.com/')).rejects.toThrow(TypeError)
})

it('fetch() has no effect when the signal is already aborted', async () => {
  const emulator = createEmulator()
  const signal = AbortSignal.abort(new Error('too late'))
  await expect(
    emulator.fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token`, {
      method: 'POST',
      signal,
    }),
  ).rejects.toThrow('too late')
  expect(emulator.calls().token).toBe(0)
})

it('creates a client with random credentials in the format of Zoho', () => {
  const [first, second] = [createEmulator().client, createEmulator().client]
  expect(first.id).toMatch(/^1000\.[0-9A-Z]{30}$/)
  expect(first.secret).toMatch(/^[0-9a-f]{42}$/)
  expect(first.id).not.toBe(second.id)
  expect(first.secret).not.toBe(second.secret)
  expect(first.redirectUris).toEqual([
    'http://localhost:3000/zoho/callback',
    'http://127.0.0.1:3000/zoho/callback',
  ])
})

it('reads only the injected clock', async () => {
  let now = 1_000_000
  const emulator = createEmulator({ monotonicTime: () => now })
  expect(emulator.advanceClock(10)).toEqual({ now: 1_010_000 })
  now += 5000
  expect(emulator.tokens().now).toBe(1_015_000)
  emulator.reset()
  expect(emulator.tokens().now).toBe(1_005_000)
})

it('emulates the data centers of the option dataCenters', async () => {
  const emulator = createEmulator({ dataCenters: ['us', 'cn', 'jp'] })
  expect(Object.keys(emulator.dataCenters)).toEqual(['us', 'cn', 'jp'])
  const { client_id, ...rest } = {
    client_id: emulator.client.id,
    scope: 'ZohoRecruit.org.READ',
    response_type: 'code',
    redirect_uri: redirectUri,
  }
  const query = new URLSearchParams({ client_id, ...rest })
  const page = await (
    await emulator.fetch(`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth?${query}`)
  ).text()
  expect(page).toContain('haruka.sato@')
  expect(page).not.toContain('wei.zhang@')
  const own = await (
    await emulator.fetch(`${emulator.dataCenters.cn.accountsServer}/oauth/v2/auth?${query}`)
  ).text()
  expect(own).toContain('wei.zhang@')
})

it.each([
  [{ clientId: '' }, /client id/],
  [{ clientSecret: 'zwölf' }, /client secret/],
  [{ redirectUris: ['urn:ietf:wg:oauth:2.0:oob'] }, /redirect URI/],
  [{ dataCenters: [] }, /dataCenters/],
])('refuses invalid options: %j', (options, message) => {
  expect(() => createEmulator(options)).toThrow(message)
})

/**
 * A port below the range of automatically assigned ports, so that the following ports are probably
 * free too.
 */
const somePort = () => 20_000 + Math.floor(Math.random() * 10_000)

it('opens no port if one is in use, and names that port', async () => {
  const port = somePort()
  const blocker = createServer().listen(port + 2, '127.0.0.1')
  await once(blocker, 'listening')
  const emulator = createEmulator()
  await expect(emulator.listen({ port })).rejects.toThrow(
    new RegExp(`Port ${port + 2} .*us API domain.*--port`),
  )
  await expect(fetch(`http://127.0.0.1:${port}/oauth/serverinfo`)).rejects.toThrow()
  expect(emulator.dataCenters.us.accountsServer).toBe('http://accounts.us.emulator.localhost')
  blocker.close()
})

it('listens on consecutive ports, and can listen again after close()', async () => {
  const emulator = createEmulator()
  const port = somePort()
  for (let round = 0; round < 2; round += 1) {
    const { us, eu } = await emulator.listen({ port })
    expect(us).toEqual({
      accountsServer: `http://127.0.0.1:${port}`,
      recruitApi: `http://127.0.0.1:${port + 1}/recruit/v2`,
      apiDomain: `http://127.0.0.1:${port + 2}`,
      uploadServer: `http://127.0.0.1:${port + 9}`,
      sandboxApi: `http://127.0.0.1:${port + 10}/recruit/v2`,
    })
    expect(eu.accountsServer).toBe(`http://127.0.0.1:${port + 3}`)
    expect(eu.uploadServer).toBe(`http://127.0.0.1:${port + 11}`)
    await expect(emulator.listen({ port: 0 })).rejects.toThrow(/already/)
    expect((await fetch(`${us.accountsServer}/oauth/serverinfo`)).status).toBe(200)
    await emulator.close()
    await emulator.close()
    await expect(fetch(`${us.accountsServer}/oauth/serverinfo`)).rejects.toThrow()
  }
  await expect(emulator.listen({ port: 65_535 })).rejects.toThrow(/--port/)
})
