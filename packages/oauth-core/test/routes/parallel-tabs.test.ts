import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unlistedScope } from '../../src/index.ts'
import { grant, startSetup, times } from '../client/setup.ts'
import { createBrowser } from './browser.ts'

describe('S12: with parallel tabs,', () => {
  it('five requests finish in any order', async () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 })
    await fc.assert(
      fc.asyncProperty(order, async (tabs) => {
        const setup = await startSetup({ finished: () => {} })
        setup.script.token = grant()
        const browser = createBrowser(setup.client())
        const states: string[] = []
        for (const _ of tabs) states.push(await browser.startConsent())
        const responses = []
        for (const tab of tabs)
          responses.push((await browser.sendCallback(states[tab] as string)).status)
        await setup.server.close()
        expect([responses, [...browser.jar.keys()], setup.tokenCalls().length]).toEqual([
          [303, 303, 303, 303, 303],
          ['__Host-zro-last'],
          5,
        ])
      }),
      { numRuns: 20 },
    )
  })

  it('five requests that begin at once finish at once', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = createBrowser(setup.client())
    const states = await Promise.all(times(5, () => browser.startConsent()))
    expect(
      (await Promise.all(states.map((state) => browser.sendCallback(state)))).map(
        ({ status }) => status,
      ),
    ).toEqual([303, 303, 303, 303, 303])
  })

  it('a sixth request replaces only the cookie of the oldest one', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = createBrowser(
      setup.client(),
      new Map([
        ['session', 's'],
        ['zro', 'x'],
        ['__Host-zro-theme', 'dark'],
      ]),
    )
    const states: string[] = []
    for (const _ of times(5, () => 0)) states.push(await browser.startConsent())
    const before = [...browser.jar.keys()]
    // The first three cookies of the jar belong to the app.
    const oldestIndex = 3
    const sixth = await browser.send('/zoho/connect')
    states.push(sixth.url?.searchParams.get('state') as string)
    expect(sixth.headers.getSetCookie().length).toBe(2)
    expect(sixth.headers.getSetCookie()[0]).toBe(
      `${before[oldestIndex]}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure`,
    )
    expect([...browser.jar.keys()].slice(0, -1)).toEqual(
      before.filter((_, index) => index !== oldestIndex),
    )
    expect((await browser.sendCallback(states[0] as string)).code).toBe('callback-unbound')
    for (const state of states.slice(1))
      expect((await browser.sendCallback(state)).status).toBe(303)
    expect([...browser.jar.keys()]).toEqual([
      'session',
      'zro',
      '__Host-zro-theme',
      '__Host-zro-last',
    ])
  })

  it('a new request leaves five cookies, even if there were more', async () => {
    const setup = await startSetup()
    const many = new Map(times(9, (index): [string, string] => [`__Host-zro-0000000${index}`, 'x']))
    const browser = createBrowser(setup.client(), many)
    await browser.startConsent()
    expect([...browser.jar.keys()].slice(0, 4)).toEqual(
      ['5', '6', '7', '8'].map((last) => `__Host-zro-0000000${last}`),
    )
    expect(browser.jar.size).toBe(5)
  })

  it.each([
    [4_000, 2],
    [4_001, 1],
  ])('of two cookies with %i bytes together, %i remain', async (bytes, remaining) => {
    const setup = await startSetup()
    const first = createBrowser(setup.client())
    await first.startConsent()
    const [[name, value]] = [...first.jar] as [[string, string]]
    // A new cookie always has the same length, so the old one fills the rest.
    const restLength = bytes - 2 * `${name}=`.length - value.length
    const jar = new Map([['__Host-zro-00000000', 'x'.repeat(restLength)]])
    const browser = createBrowser(setup.client(), jar)
    await browser.startConsent()
    expect(browser.jar.size).toBe(remaining)
  })

  it('five cookies with usual ids, paths and scopes are smaller than 4 KB together', async () => {
    const setup = await startSetup()
    const zoho = setup.client({
      scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.settings.READ', 'ZohoRecruit.org.READ'],
      connectionFor: () => ({ id: crypto.randomUUID(), principal: crypto.randomUUID() }),
    })
    const browser = createBrowser(zoho)
    for (const _ of times(5, () => 0))
      await browser.startConsent('?returnTo=/candidates/list%3Fpage=2')
    expect([...browser.jar].map((pair) => pair.join('=')).join('; ').length).toBeLessThan(4_096)
  })

  it('the newest cookies are kept despite many scopes, and all are smaller than 4 KB', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = createBrowser(
      setup.client({
        scopes: times(20, (index) => unlistedScope(`ZohoRecruit.modules.custom_${index}.READ`)),
      }),
    )
    const states: string[] = []
    for (const _ of times(5, () => 0)) {
      states.push(await browser.startConsent())
      expect([...browser.jar].map((pair) => pair.join('=')).join('; ').length).toBeLessThan(4_096)
    }
    for (const state of states.slice(-2))
      expect((await browser.sendCallback(state)).status).toBe(303)
  })

  it('C1: cookies of a sibling host without the prefix replace no cookie', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = createBrowser(setup.client())
    const state = await browser.startConsent()
    for (const index of times(9, (position) => position))
      browser.jar.set(`zro-0000000${index}`, 'x')
    expect((await browser.send('/zoho/connect')).headers.getSetCookie().length).toBe(1)
    expect((await browser.sendCallback(state)).status).toBe(303)
  })

  it('a request that is too long for a cookie is refused, as browsers would drop it', async () => {
    const setup = await startSetup()
    const scopesOf = (count: number) =>
      times(count, (index) =>
        unlistedScope(`ZohoRecruit.modules.custom_${String(index).padStart(20, '0')}.READ`),
      )
    const wide = '\u4e2d'.repeat(255)
    const seen = new Set<string>()
    for (const count of times(80, (index) => index + 1)) {
      const zoho = setup.client({
        scopes: scopesOf(count),
        connectionFor: () => ({ id: wide, principal: 'ann' }),
      })
      const response = await createBrowser(zoho).send(`/zoho/connect?returnTo=/${'a'.repeat(511)}`)
      seen.add(`${response.status} ${response.code ?? ''}`)
      for (const cookie of response.headers.getSetCookie())
        expect(cookie.indexOf(';')).toBeLessThanOrEqual(4_096)
    }
    expect([...seen]).toEqual(['303 ', '400 argument-invalid'])
  })
})
