import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import { Secret, zohoDataCenters, type RecruitOAuthOptions } from '../../src/index.ts'
import { key } from './setup.ts'
import { validOptions, exampleDataCenter, withDataCenter, thrownBy } from './configuration.ts'

it.each([
  'http://accounts.example.com',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://10.0.0.1',
  'ftp://127.0.0.1',
  'ws://127.0.0.1',
  'HTTP://accounts.example.com',
  'https://user@accounts.example.com',
  'https://user:password@accounts.example.com',
  'https://accounts.example.com/path',
  'https://accounts.example.com//',
  'https://accounts.example.com?x=y',
  'https://accounts.example.com#x',
  '//accounts.example.com',
])('T3: refuses an accounts server at %s', (accountsServer) => {
  expect(thrownBy({ ...validOptions, ...withDataCenter({ accountsServer }) })?.message).toContain(
    '`dataCenters.x.accountsServer`',
  )
})

it.each([
  'https://accounts.example.com',
  'https://accounts.example.com:8443',
  'http://localhost:4000',
  'http://127.0.0.1:4000',
  'http://[::1]:4000',
])('T3: accepts an accounts server at %s', (accountsServer) => {
  expect(thrownBy({ ...validOptions, ...withDataCenter({ accountsServer }) })).toBe(undefined)
})

it.each([
  'https://Accounts.Example.com',
  'https://accounts.example.com:443/',
  'HTTPS://accounts.example.com/',
])('reads the accounts server %s as its origin', (accountsServer) => {
  const { dataCenters } = configure({ ...validOptions, ...withDataCenter({ accountsServer }) })
  expect(dataCenters['x']?.accountsServer).toBe('https://accounts.example.com')
})

it('reads base URLs without the slash at their end', () => {
  const addresses = {
    recruitApi: 'https://R.example.com:443/recruit/v2/',
    uploadServer: 'https://U.example.com/',
  }
  const { dataCenters } = configure({ ...validOptions, ...withDataCenter(addresses) })
  expect(dataCenters['x']).toMatchObject({
    recruitApi: 'https://r.example.com/recruit/v2',
    uploadServer: 'https://u.example.com',
  })
})

it('T3: all URLs of Zoho are https', () => {
  for (const address of Object.values(zohoDataCenters).flatMap((one) => Object.values(one)))
    expect(address).toMatch(/^https:\/\/[a-z.]+(\/recruit\/v2)?$/)
})

describe('accepts', () => {
  it.each<[string, Partial<RecruitOAuthOptions>]>([
    ['valid options', {}],
    [
      'secrets of the type Secret',
      { clientSecret: new Secret('x'), encryptionKeys: [new Secret(key)] },
    ],
    ['a current and a former secret', { clientSecret: ['x', new Secret('y')] }],
    ['secrets by data center', { clientSecret: { us: 'x', eu: ['y', 'z'] } }],
    ['a loopback host', { redirectUri: 'http://localhost:3000/zoho/callback' }],
    ['another loopback host', { redirectUri: 'http://[::1]:3000/zoho/callback' }],
    ['a mount path behind a proxy that removes a prefix', { mountPath: '/zoho' }],
    ['the mount path / behind a proxy', { mountPath: '/' }],
    ['keys in base64url', { encryptionKeys: [Buffer.alloc(32, 255).toString('base64url')] }],
    [
      'a data center of the app',
      { dataCenter: 'x', dataCenters: { ...zohoDataCenters, x: exampleDataCenter } },
    ],
    ['all data centers of Zoho', Object.fromEntries([['dataCenters', zohoDataCenters]])],
  ])('%s', (_, options) => expect(thrownBy({ ...validOptions, ...options })).toBe(undefined))
})

it('gives each data center only its own secret', () => {
  const { secretsOf } = configure({ ...validOptions, clientSecret: { us: 'a', eu: ['b', 'c'] } })
  expect(
    ['us', 'eu', 'in', '__proto__'].map((id) => secretsOf(id).map((secret) => secret.reveal())),
  ).toEqual([['a'], ['b', 'c'], [], []])
  expect(configure(validOptions).secretsOf('in').map(String)).toEqual(['[secret]'])
})

it('warns about the default store in production, and if NODE_ENV is empty', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  onTestFinished(() => {
    warn.mockRestore()
    vi.unstubAllEnvs()
  })
  const { store: _store, encryptionKeys: _keys, ...without } = validOptions
  for (const [stage, count] of [
    ['test', 0],
    ['development', 0],
    ['production', 1],
    ['', 2],
  ] as const) {
    vi.stubEnv('NODE_ENV', stage)
    configure(without)
    configure(validOptions)
    expect(warn).toHaveBeenCalledTimes(count)
  }
})

it('ignores errors of onEvent', () => {
  const { onEvent } = configure({
    ...validOptions,
    onEvent: () => {
      throw new Error('its own')
    },
  })
  expect(() => onEvent({ type: 'save-failed', connection: 'acme' })).not.toThrow()
})

it('does not let callers change its data centers', () => {
  const table = { x: { ...exampleDataCenter } }
  const { dataCenters } = configure({ ...validOptions, dataCenter: 'x', dataCenters: table })
  table.x.accountsServer = 'https://evil.example'
  expect(dataCenters['x']?.accountsServer).toBe(exampleDataCenter.accountsServer)
  expect(() =>
    Object.assign(dataCenters['x'] as object, { accountsServer: 'https://evil.example' }),
  ).toThrow(TypeError)
})
