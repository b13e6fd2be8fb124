import { describe, expect, it } from 'vitest'
import { grant, startSetup } from '../client/setup.ts'
import { byScript, fromZoho, navigation, createBrowser } from './browser.ts'

const startRequest = async () => {
  const setup = await startSetup()
  setup.script.token = grant()
  const zoho = setup.client()
  const browser = createBrowser(zoho)
  const state = await browser.startConsent()
  const [name, value] = [...browser.jar][0] as [string, string]
  /** The callback with this Cookie header. */
  const callbackWithCookie = (cookie: string) =>
    createBrowser(zoho).sendCallback(state, { code: '1000.code' }, { ...byScript, cookie })
  return { ...setup, zoho, browser, state, name, value, callbackWithCookie }
}

it('C1, C4: sets and clears a Secure, HttpOnly, SameSite=Lax __Host- cookie', async () => {
  const { zoho, browser, state, name } = await startRequest()
  const [set] = (await createBrowser(zoho).send('/zoho/connect')).headers.getSetCookie()
  expect(set).toMatch(
    /^__Host-zro-[\w-]{8}=1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
  expect((await browser.sendCallback(state)).headers.getSetCookie()).toEqual([
    `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
    expect.stringMatching(
      /^__Host-zro-last=1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    ),
  ])
})

describe('C2: a cookie whose name is not exactly equal is ignored', () => {
  // Each character stands for one byte of the header, which was sent as UTF-8 or Latin-1.
  const blanks = [
    '\u00a0',
    '\u00c2\u00a0',
    '\u00e2\u0080\u0080',
    '\u00e2\u0080\u0083',
    '\u00e3\u0080\u0080',
    '\u00ef\u00bb\u00bf',
    '\u0085',
    '\u000b',
    '\u000c',
    '\u00e2\u0080\u008b',
  ]
  it.each<[string, (name: string, value: string) => string]>([
    ...blanks.map((blank): [string, (name: string, value: string) => string] => [
      `with ${JSON.stringify(blank)} before it`,
      (name, value) => `${blank}${name}=${value}`,
    ]),
    ...blanks.map((blank): [string, (name: string, value: string) => string] => [
      `with ${JSON.stringify(blank)} behind it`,
      (name, value) => `${name}${blank}=${value}`,
    ]),
    ['with a space before the equals sign', (name, value) => `${name} =${value}`],
    ['in lower case', (name, value) => `${name.toLowerCase()}=${value}`],
    ['in upper case', (name, value) => `${name.toUpperCase()}=${value}`],
    ['without its prefix', (name, value) => `${name.replace('__Host-', '')}=${value}`],
    ['with another prefix', (name, value) => `${name.replace('__Host-', '__Secure-')}=${value}`],
    ['with a prefix', (name, value) => `x${name}=${value}`],
    ['with a suffix', (name, value) => `${name}x=${value}`],
    ['in the value of another cookie', (name, value) => `x=${name}=${value}`],
    ['without a name', (name, value) => `=${name}=${value}`],
    ['in quotes', (name, value) => `"${name}"=${value}`],
    ['with a quoted value', (name, value) => `${name}="${value}"`],
    ['inside a quoted value of another cookie', (name, value) => `x="; ${name}x=${value}"`],
    ['behind a comma', (name, value) => `x=1, ${name}=${value}`],
    ['behind $Version and a comma', (name, value) => `$Version=1, ${name}=${value}`],
    ['with $ before it', (name, value) => `$${name}=${value}`],
    ['percent-encoded', (name, value) => `${name.replace('_', '%5F')}=${value}`],
    ['with its value percent-encoded', (name, value) => `${name}=${value.replace('.', '%2E')}`],
    ['with an attribute behind it', (name, value) => `${name}=${value}$Path`],
  ])('%s', async (_, spell) => {
    const { callbackWithCookie, name, value, tokenCalls } = await startRequest()
    expect([(await callbackWithCookie(spell(name, value))).code, tokenCalls().length]).toEqual([
      'callback-unbound',
      0,
    ])
  })

  it.each<[string, (pair: string) => string]>([
    ['alone', (pair) => pair],
    ['behind spaces and tabs', (pair) => `x=1; \t ${pair}`],
    ['behind $Version, which is an ordinary cookie', (pair) => `$Version=1; ${pair}; $Path=/`],
    ['beside cookies with a similar name', (pair) => `__Host-zro=1; ${pair}; __Host-zro-=2`],
    ['beside invalid pairs', (pair) => `;;=;x; ${pair};`],
  ])('but the exact name is found %s', async (_, around) => {
    const { callbackWithCookie, name, value } = await startRequest()
    expect((await callbackWithCookie(around(`${name}=${value}`))).status).toBe(303)
  })
})

it.each<[string, (name: string, value: string) => string]>([
  ['the same cookie twice', (name, value) => `${name}=${value}; ${name}=${value}`],
  ['another value behind it', (name, value) => `${name}=${value}; ${name}=evil`],
  ['another value before it', (name, value) => `${name}=evil; ${name}=${value}`],
  ['an empty value before it', (name, value) => `${name}=; x=1; ${name}=${value}`],
  ['three values', (name, value) => `${name}=${value}; ${name}=${value}; ${name}=x`],
])('C3: %s ends the callback without a request', async (_, header) => {
  const { callbackWithCookie, name, value, tokenCalls } = await startRequest()
  const response = await callbackWithCookie(header(name, value))
  expect([response.status, response.code, tokenCalls().length]).toEqual([
    400,
    'callback-malformed',
    0,
  ])
})

describe('C6: the callback clears its cookie, and keeps only where the user wanted to go', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['after success', { code: '1000.code' }, undefined],
    ['after a refusal at Zoho', { error: 'access_denied' }, 'consent-refused'],
    ['after an error at Zoho', { error: 'server_error' }, 'consent-failed'],
    [
      'after an unknown accounts server',
      { code: '1000.code', 'accounts-server': 'https://evil.example' },
      'data-center-unknown',
    ],
    [
      'after tokens in place of a code',
      { code: '1000.code', access_token: 'x' },
      'callback-malformed',
    ],
  ])('%s', async (_, parameters, code) => {
    const { browser, state } = await startRequest()
    const response = await browser.sendCallback(state, parameters)
    expect([response.code, [...browser.jar.keys()]]).toEqual([code, ['__Host-zro-last']])
  })

  it('even if its key is gone, without an effect on the next request', async () => {
    const setup = await startRequest()
    const rotated = setup.client({ encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] })
    const browser = createBrowser(rotated, setup.browser.jar)
    const state = await browser.startConsent()
    expect(browser.jar.size).toBe(2)
    expect([(await browser.sendCallback(state)).status, browser.jar.size]).toEqual([303, 2])
    const stale = await browser.sendCallback(setup.state)
    expect([stale.code, [...browser.jar.keys()]]).toEqual(['callback-unbound', ['__Host-zro-last']])
  })

  it('but does not clear other cookies', async () => {
    const { zoho, state } = await startRequest()
    const browser = createBrowser(
      zoho,
      new Map([
        ['session', 'x'],
        ['__Host-zro-AAAAAAAA', 'x'],
      ]),
    )
    const response = await browser.sendCallback(state)
    expect([response.code, response.headers.getSetCookie()]).toEqual(['callback-unbound', []])
  })
})

it('S2, S3: only the browser and the user that began a request can finish it', async () => {
  const session = { principal: 'ann' }
  const setup = await startSetup()
  setup.script.token = grant()
  const zoho = setup.client({ connectionFor: () => ({ id: 'acme', principal: session.principal }) })
  const browser = createBrowser(zoho)
  const state = await browser.startConsent()
  expect((await createBrowser(zoho).sendCallback(state)).code).toBe('callback-unbound')
  const jar = new Map(browser.jar)
  session.principal = 'bob'
  expect([
    (await createBrowser(zoho, jar).sendCallback(state, { code: '1000.code' }, navigation)).code,
    setup.tokenCalls().length,
  ]).toEqual(['principal-mismatch', 0])
  session.principal = 'ann'
  expect([
    (await browser.sendCallback(state, { code: '1000.code' }, fromZoho)).status,
    setup.tokenCalls().length,
  ]).toEqual([303, 1])
})
