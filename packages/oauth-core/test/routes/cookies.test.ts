import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unlistedScope } from '../../src/index.ts'
import { grant, house, times } from '../client/house.ts'
import { byScript, fromZoho, navigation, createBrowser } from './browser.ts'

const startRequest = async () => {
  const home = await house()
  home.script.token = grant()
  const zoho = home.client()
  const browser = createBrowser(zoho)
  const state = await browser.begin()
  const [name, value] = [...browser.jar][0] as [string, string]
  /** The callback with this Cookie header. */
  const callbackWithCookie = (cookie: string) =>
    createBrowser(zoho).back(state, { code: '1000.code' }, { ...byScript, cookie })
  return { ...home, zoho, browser, state, name, value, callbackWithCookie }
}

it('C1, C4: sets and clears a Secure, HttpOnly, SameSite=Lax __Host- cookie', async () => {
  const { zoho, browser, state, name } = await startRequest()
  const [set] = (await createBrowser(zoho).send('/zoho/connect')).headers.getSetCookie()
  expect(set).toMatch(
    /^__Host-zro-[\w-]{8}=1\.[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
  )
  expect((await browser.back(state)).headers.getSetCookie()).toEqual([
    `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
  ])
})

describe('C2: a cookie whose name is not exactly equal is ignored', () => {
  // As bytes: a header that was sent as UTF-8 or Latin-1 has one character for each byte.
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
  const answer = await callbackWithCookie(header(name, value))
  expect([answer.status, answer.code, tokenCalls().length]).toEqual([400, 'callback-malformed', 0])
})

describe('C6: the callback clears its cookie', () => {
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
    const answer = await browser.back(state, parameters)
    expect([answer.code, answer.headers.getSetCookie().length, browser.jar.size]).toEqual([
      code,
      1,
      0,
    ])
  })

  it('even if its key is gone, without an effect on the next request', async () => {
    const home = await startRequest()
    const rotated = home.client({ encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] })
    const browser = createBrowser(rotated, home.browser.jar)
    const state = await browser.begin()
    expect(browser.jar.size).toBe(2)
    expect([(await browser.back(state)).status, browser.jar.size]).toEqual([303, 1])
    const stale = await browser.back(home.state)
    expect([stale.code, browser.jar.size]).toEqual(['callback-unbound', 0])
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
    const answer = await browser.back(state)
    expect([answer.code, answer.headers.getSetCookie()]).toEqual(['callback-unbound', []])
  })
})

describe('S12: parallel tabs', () => {
  it('five requests finish in any order', async () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    await fc.assert(
      fc.asyncProperty(order, async (tabs) => {
        const home = await house({ finished: () => {} })
        home.script.token = grant()
        const browser = createBrowser(home.client())
        const states: string[] = []
        for (const _ of tabs) states.push(await browser.begin())
        const answers = []
        for (const tab of tabs) answers.push((await browser.back(states[tab] as string)).status)
        await home.server.close()
        expect([answers, browser.jar.size, home.tokenCalls().length]).toEqual([
          [303, 303, 303, 303, 303],
          0,
          5,
        ])
      }),
      { numRuns: 20 },
    )
  })

  it('five requests that begin at once finish at once', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = createBrowser(home.client())
    const states = await Promise.all(times(5, () => browser.begin()))
    expect(
      (await Promise.all(states.map((state) => browser.back(state)))).map(({ status }) => status),
    ).toEqual([303, 303, 303, 303, 303])
  })

  it('a sixth request replaces only the cookie of the oldest one', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = createBrowser(
      home.client(),
      new Map([
        ['session', 's'],
        ['zro', 'x'],
        ['__Host-zro-theme', 'dark'],
      ]),
    )
    const states: string[] = []
    for (const _ of times(5, () => 0)) states.push(await browser.begin())
    const before = [...browser.jar.keys()]
    const sixth = await browser.send('/zoho/connect')
    states.push(sixth.url?.searchParams.get('state') as string)
    expect(sixth.headers.getSetCookie().length).toBe(2)
    expect(sixth.headers.getSetCookie()[0]).toBe(
      `${before[3]}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
    expect([...browser.jar.keys()].slice(0, -1)).toEqual(before.filter((_, index) => index !== 3))
    expect((await browser.back(states[0] as string)).code).toBe('callback-unbound')
    for (const state of states.slice(1)) expect((await browser.back(state)).status).toBe(303)
    expect([...browser.jar.keys()]).toEqual(['session', 'zro', '__Host-zro-theme'])
  })

  it('a new request leaves five cookies, even if there were more', async () => {
    const home = await house()
    const many = new Map(times(9, (index): [string, string] => [`__Host-zro-0000000${index}`, 'x']))
    const browser = createBrowser(home.client(), many)
    await browser.begin()
    expect([...browser.jar.keys()].slice(0, 4)).toEqual(
      ['5', '6', '7', '8'].map((last) => `__Host-zro-0000000${last}`),
    )
    expect(browser.jar.size).toBe(5)
  })

  it('five cookies with usual ids, paths and scopes are smaller than 4 KB together', async () => {
    const home = await house()
    const zoho = home.client({
      scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.settings.READ', 'ZohoRecruit.org.READ'],
      connectionFor: () => ({ id: crypto.randomUUID(), principal: crypto.randomUUID() }),
    })
    const browser = createBrowser(zoho)
    for (const _ of times(5, () => 0)) await browser.begin('?returnTo=/candidates/list%3Fpage=2')
    expect([...browser.jar].map((pair) => pair.join('=')).join('; ').length).toBeLessThan(4_096)
  })

  it('with many scopes the newest cookies are kept, and all are smaller than 4 KB', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = createBrowser(
      home.client({
        scopes: times(20, (index) => unlistedScope(`ZohoRecruit.modules.custom_${index}.READ`)),
      }),
    )
    const states: string[] = []
    for (const _ of times(5, () => 0)) {
      states.push(await browser.begin())
      expect([...browser.jar].map((pair) => pair.join('=')).join('; ').length).toBeLessThan(4_096)
    }
    for (const state of states.slice(-2)) expect((await browser.back(state)).status).toBe(303)
  })

  it('C1: cookies of a sibling host without the prefix replace no cookie', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = createBrowser(home.client())
    const state = await browser.begin()
    for (const index of times(9, (one) => one)) browser.jar.set(`zro-0000000${index}`, 'x')
    expect((await browser.send('/zoho/connect')).headers.getSetCookie().length).toBe(1)
    expect((await browser.back(state)).status).toBe(303)
  })

  it('a request that is too long for a cookie is refused, as browsers would drop it', async () => {
    const home = await house()
    const scopesOf = (count: number) =>
      times(count, (index) =>
        unlistedScope(`ZohoRecruit.modules.custom_${String(index).padStart(20, '0')}.READ`),
      )
    const wide = '\u4e2d'.repeat(255)
    const seen = new Set<string>()
    for (const count of times(80, (index) => index + 1)) {
      const zoho = home.client({
        scopes: scopesOf(count),
        connectionFor: () => ({ id: wide, principal: 'ann' }),
      })
      const answer = await createBrowser(zoho).send(`/zoho/connect?returnTo=/${'a'.repeat(511)}`)
      seen.add(`${answer.status} ${answer.code ?? ''}`)
      for (const cookie of answer.headers.getSetCookie())
        expect(cookie.indexOf(';')).toBeLessThanOrEqual(4_096)
    }
    expect([...seen]).toEqual(['303 ', '400 argument-invalid'])
  })
})

it('S2, S3: only the browser and the user that began a request can finish it', async () => {
  const session = { principal: 'ann' }
  const home = await house()
  home.script.token = grant()
  const zoho = home.client({ connectionFor: () => ({ id: 'acme', principal: session.principal }) })
  const browser = createBrowser(zoho)
  const state = await browser.begin()
  expect((await createBrowser(zoho).back(state)).code).toBe('callback-unbound')
  const jar = new Map(browser.jar)
  session.principal = 'bob'
  expect([
    (await createBrowser(zoho, jar).back(state, { code: '1000.code' }, navigation)).code,
    home.tokenCalls().length,
  ]).toEqual(['principal-mismatch', 0])
  session.principal = 'ann'
  expect([
    (await browser.back(state, { code: '1000.code' }, fromZoho)).status,
    home.tokenCalls().length,
  ]).toEqual([303, 1])
})
