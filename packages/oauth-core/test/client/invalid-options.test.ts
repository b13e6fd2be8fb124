import { expect, it } from 'vitest'
import { Secret } from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { key } from './setup.ts'
import { validOptions, exampleDataCenter, withDataCenter, thrownBy } from './configuration.ts'

const canary = 'canary-7f3a9b'

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
    `https://app.example.com/connect/`,
    'https://app.example.com/',
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
  ['dataCenters', { dataCenter: 'US', dataCenters: { US: exampleDataCenter } }],
  ['dataCenters.x.accountsServer', { dataCenter: 'x', dataCenters: { x: null } }],
  ['dataCenters.x.accountsServer', { dataCenter: 'x', dataCenters: { x: canary } }],
  ...[
    undefined,
    5,
    canary,
    `http://${canary}.example.com`,
    'https://a.example.com//',
    `https://a.example.com/${canary}`,
    `https://${canary}@a.example.com`,
    'https://a.example.com:443/x',
    'https://a.example.com/?',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'ftp://127.0.0.1',
  ].flatMap((url): [string, object][] => [
    ['dataCenters.x.accountsServer', withDataCenter({ accountsServer: url })],
    ['dataCenters.x.apiDomain', withDataCenter({ apiDomain: url })],
  ]),
  ...[
    undefined,
    5,
    canary,
    'https://a.example.com/recruit/v2//',
    `https://a.example.com/?${canary}`,
    `https://${canary}@a.example.com/v2`,
    'http://a.example.com/v2',
    'https://a.example.com/a/../v2',
  ].flatMap((url): [string, object][] => [
    ['dataCenters.x.recruitApi', withDataCenter({ recruitApi: url })],
    ...(url === undefined
      ? []
      : [
          ['dataCenters.x.sandboxApi', withDataCenter({ sandboxApi: url })] as [string, object],
          ['dataCenters.x.uploadServer', withDataCenter({ uploadServer: url })] as [string, object],
        ]),
  ]),
  ['dataCenters.x.sandbox', withDataCenter({ sandbox: 'yes' })],
  ...['same', null, 'same-user', 1, canary].map((allowAccountSwitch): [string, object] => [
    'allowAccountSwitch',
    { allowAccountSwitch },
  ]),
  // The organization could not be read, so any account would be accepted.
  [
    'allowAccountSwitch',
    { allowAccountSwitch: 'same-organization', scopes: ['ZohoRecruit.users.READ'] },
  ],
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
    '/a\nb',
    '/..//evil.example',
    5,
  ].flatMap((address): [string, object][] => [
    ['defaultReturnTo', { defaultReturnTo: address }],
    ['signIn', { signIn: address }],
    ['failureReturnTo', { failureReturnTo: address }],
  ]),
  ...[
    canary,
    [canary],
    ['*'],
    ['https://app.example.com/path'],
    ['http://app.example.com'],
    [5],
  ].map((trustedOrigins): [string, object] => ['trustedOrigins', { trustedOrigins }]),
  ...['', canary + ';', 'a b', 5, 'ü', 'a'.repeat(65)].map((cookieName): [string, object] => [
    'cookieName',
    { cookieName },
  ]),
  ['cookieName', { cookieName: '__Host-x', redirectUri: 'http://localhost/zoho/callback' }],
  ['connectTickets', { connectTickets: canary }],
  ['renderPage', { renderPage: canary }],
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

it.each([undefined, null, 5, 'x'])('refuses %j in place of options', (options) => {
  expect(thrownBy(options)?.code).toBe('configuration-invalid')
})
