import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import {
  createRecruitOAuth,
  isRecruitOAuthError,
  Secret,
  zohoDataCenters,
  type RecruitOAuthError,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { key } from './house.ts'

const canary = 'canary-7f3a9b'
const validOptions: RecruitOAuthOptions = {
  clientId: '1000.CLIENT',
  clientSecret: 'the-client-secret',
  redirectUri: 'https://app.example.com/base/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
  store: memoryStore(),
  encryptionKeys: [key],
  connectionFor: () => undefined,
}
const center = {
  accountsServer: 'https://accounts.example.com',
  apiDomain: 'https://www.example.com',
  recruitApi: 'https://recruit.example.com/recruit/v2',
}
const centers = (odd: object): object => ({
  dataCenter: 'x',
  dataCenters: { x: { ...center, ...odd } },
})

const invalidOptions: readonly [option: string, options: object][] = [
  ...[
    undefined,
    '',
    5,
    `${canary} x`,
    `${canary}é`,
    `${canary}\n`,
    `${canary}:x`,
    'x'.repeat(513),
  ].map((clientId): [string, object] => ['clientId', { clientId }]),
  ...[
    undefined,
    '',
    5,
    [],
    `${canary} x`,
    [canary, ''],
    [canary, canary, canary],
    {},
    { [canary]: 'us' },
    { eu: canary },
    [[canary]],
  ].map((clientSecret): [string, object] => ['clientSecret', { clientSecret }]),
  ['clientSecret.us', { clientSecret: { us: `${canary} x` } }],
  ['clientSecret.eu', { clientSecret: { us: canary, eu: '' } }],
  ...[
    undefined,
    5,
    canary,
    `/${canary}/callback`,
    `http://${canary}.example.com/a/b`,
    `https://${canary}@app.example.com/a/b`,
    `https://app.example.com/a/b?${canary}`,
    `https://app.example.com/a/b#${canary}`,
    `https://app.example.com/${canary}`,
    'https://app.example.com/a/',
    'https://app.example.com/a/connect',
    'https://app.example.com/a/disconnect',
    'https://app.example.com/a/../b/c',
    'HTTPS://app.example.com/a/b',
    'https://app.example.com:443/a/b',
    'javascript:alert(1)//a/b',
    `https://app.example.com/${'a/'.repeat(2_000)}b`,
  ].map((redirectUri): [string, object] => ['redirectUri', { redirectUri }]),
  ...[undefined, [], canary, {}].map((scopes): [string, object] => ['scopes', { scopes }]),
  ['scopes[0]', { scopes: [`${canary} x`] }],
  ['scopes[1]', { scopes: ['a', `${canary},b`] }],
  ['scopes[1]', { scopes: ['a', 5] }],
  ...[canary, '__proto__', 'toString', '', 5].map((dataCenter): [string, object] => [
    'dataCenter',
    { dataCenter },
  ]),
  ...[{}, 5, null, canary].flatMap((dataCenters): [string, object][] =>
    dataCenters === null ? [] : [['dataCenters', { dataCenters }]],
  ),
  ['dataCenters', { dataCenter: 'US', dataCenters: { US: center } }],
  ['dataCenters.x.accountsServer', { dataCenter: 'x', dataCenters: { x: null } }],
  ['dataCenters.x.accountsServer', { dataCenter: 'x', dataCenters: { x: canary } }],
  ...[
    undefined,
    5,
    canary,
    `http://${canary}.example.com`,
    'https://a.example.com/',
    `https://a.example.com/${canary}`,
    `https://${canary}@a.example.com`,
    'https://a.example.com:443',
    'https://A.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'ftp://127.0.0.1',
  ].flatMap((url): [string, object][] => [
    ['dataCenters.x.accountsServer', centers({ accountsServer: url })],
    ['dataCenters.x.apiDomain', centers({ apiDomain: url })],
  ]),
  ...[
    undefined,
    5,
    canary,
    'https://a.example.com/recruit/v2/',
    `https://a.example.com/?${canary}`,
    `https://${canary}@a.example.com/v2`,
    'http://a.example.com/v2',
    'https://a.example.com/a/../v2',
  ].map((recruitApi): [string, object] => ['dataCenters.x.recruitApi', centers({ recruitApi })]),
  ...[undefined, null, [], canary, {}].map((encryptionKeys): [string, object] => [
    'encryptionKeys',
    { encryptionKeys },
  ]),
  ...[
    canary,
    '',
    5,
    key.slice(0, -4),
    `${key} `,
    Buffer.alloc(33).toString('base64'),
    new Secret(canary),
  ].map((one): [string, object] => ['encryptionKeys[1]', { encryptionKeys: [key, one] }]),
  ...[undefined, canary, {}].map((connectionFor): [string, object] => [
    'connectionFor',
    { connectionFor },
  ]),
  ...[
    canary,
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '',
    '/a b',
    '/..//evil.example',
    5,
  ].map((defaultReturnTo): [string, object] => ['defaultReturnTo', { defaultReturnTo }]),
  ...[canary, `/${canary}`, '', '//', '/base', 'zoho', 5].map((mountPath): [string, object] => [
    'mountPath',
    { mountPath },
  ]),
  ...[0, 29_999, 3_600_001, -1, NaN, Infinity, '300000', canary, null, {}].map(
    (serveWithoutStoreMs): [string, object] => ['serveWithoutStoreMs', { serveWithoutStoreMs }],
  ),
  ...['onEvent', 'waitUntil', 'fetch', 'random', 'monotonic'].flatMap(
    (name): [string, object][] => [
      [name, { [name]: canary }],
      [name, { [name]: {} }],
    ],
  ),
  ...[null, canary, {}, () => memoryStore(), { read() {}, write() {} }].map(
    (store): [string, object] => ['store', { store }],
  ),
]

const thrownBy = (options: unknown): RecruitOAuthError | undefined => {
  try {
    createRecruitOAuth(options as RecruitOAuthOptions)
    return undefined
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return error
  }
}

it.each(invalidOptions)('names the invalid option %s: %j', (option, options) => {
  const error = thrownBy({ ...validOptions, ...options })
  expect([error?.code, error?.remedy, error?.source]).toEqual([
    'configuration-invalid',
    'fix-configuration',
    'configuration',
  ])
  expect(error?.message).toContain(`\`${option}\``)
  expect(
    `${error?.message} ${error?.stack?.split('\n')[0]} ${JSON.stringify(error)}`,
  ).not.toContain(canary)
})

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
  'https://accounts.example.com/',
  'https://accounts.example.com?x=y',
  'https://accounts.example.com#x',
  '//accounts.example.com',
])('T3: refuses an accounts server at %s', (accountsServer) => {
  expect(thrownBy({ ...validOptions, ...centers({ accountsServer }) })?.message).toContain(
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
  expect(thrownBy({ ...validOptions, ...centers({ accountsServer }) })).toBe(undefined)
})

it('T3: all URLs of Zoho are https', () => {
  for (const address of Object.values(zohoDataCenters).flatMap((one) => Object.values(one)))
    expect(address).toMatch(/^https:\/\/[a-z.]+(\/recruit\/v2)?$/)
})

it.each([undefined, null, 5, 'x'])('refuses %j in place of options', (options) => {
  expect(thrownBy(options)?.code).toBe('configuration-invalid')
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
      { dataCenter: 'x', dataCenters: { ...zohoDataCenters, x: center } },
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

it('warns about the memory store in production only', () => {
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
  const table = { x: { ...center } }
  const { dataCenters } = configure({ ...validOptions, dataCenter: 'x', dataCenters: table })
  table.x.accountsServer = 'https://evil.example'
  expect(dataCenters['x']?.accountsServer).toBe(center.accountsServer)
  expect(() =>
    Object.assign(dataCenters['x'] as object, { accountsServer: 'https://evil.example' }),
  ).toThrow(TypeError)
})
