import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { connect, decide, refresh, start } from './support.ts'

const error = (code: string) => ({ code, message: 'invalid oauth token', status: 'error' })

it.each([
  ['INVALID_TOKEN', 401, error('INVALID_TOKEN')],
  ['INVALID_OAUTHTOKEN', 401, error('INVALID_OAUTHTOKEN')],
  ['data-list', 401, { data: [error('INVALID_TOKEN')] }],
  ['status-200', 200, error('INVALID_TOKEN')],
  ['status-400', 400, error('INVALID_TOKEN')],
] as const)('expiredTokenResponse %s: status %i', async (expiredTokenResponse, status, body) => {
  const emulator = await start({ expiredTokenResponse })
  const { call } = await connectTo(emulator)
  expect((await call('GET', 'org')).status).toBe(200)
  emulator.advanceClock(3600)
  expect(await call('GET', 'org')).toMatchObject({ status, body })
})

it('expiredTokenResponse xml-4834: XML with status 200', async () => {
  const emulator = await start({ expiredTokenResponse: 'xml-4834' })
  const { send } = await connectTo(emulator)
  emulator.advanceClock(3600)
  const response = await send('GET', 'org')
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/xml;charset=UTF-8',
  ])
  expect(await response.text()).toContain('<code>4834</code>')
})

it('expiredTokenResponse does not change the response to a call without a token', async () => {
  const emulator = await start({ expiredTokenResponse: 'status-200' })
  const response = await fetch(`${emulator.dataCenters.us.recruitApi}/org`)
  expect([response.status, (await response.json()).code]).toEqual([401, 'AUTHENTICATION_FAILURE'])
})

it('accountsServerTrailingSlash adds a slash to accounts-server of a callback', async () => {
  const emulator = await start({ accountsServerTrailingSlash: true })
  const callback = await decide(emulator, { decision: 'approve', account: 'eu' })
  expect(callback.get('accounts-server')).toBe(`${emulator.dataCenters.eu.accountsServer}/`)
})

it.each([
  ['seconds', 3600],
  ['zero', 0],
  ['empty', ''],
  ['fraction', 3599.5],
  ['missing', undefined],
] as const)('expiresIn %s: expires_in is %j', async (expiresIn, value) => {
  const emulator = await start({ expiresIn })
  const { refreshToken } = await connect(emulator)
  const { body } = await refresh(emulator, refreshToken)
  expect(body.expires_in).toBe(value)
  expect('expires_in' in body).toBe(value !== undefined)
  expect(emulator.tokens().accessTokens.at(-1)?.secondsLeft).toBeGreaterThan(3590)
})

it('zgidInOrganization removes zgid from the organization', async () => {
  const emulator = await start({ zgidInOrganization: false })
  const { call } = await connectTo(emulator)
  expect((await call('GET', 'org')).body.org[0]).not.toHaveProperty('zgid')
  emulator.configure({ zgidInOrganization: true })
  expect((await call('GET', 'org')).body.org[0]).toHaveProperty('zgid')
})
