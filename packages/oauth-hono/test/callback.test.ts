import { createBrowser } from '@zrecruit/oauth-emulator'
import { describe, expect, it } from 'vitest'
import { perTest } from './app.ts'

const { app, browser } = perTest()

/** Consents, and stops before the callback: its address, with the cookie in the browser. */
const consented = async (decision = 'approve'): Promise<URL> => {
  const consent = await browser().open(`${app().origin}/zoho/connect`)
  const answer = await browser().submit(consent, { decision }, { stay: true })
  return new URL(answer.headers.get('location') ?? '')
}
const codeOf = (page: { text: string }) => /<code>([a-z-]+)<\/code>/.exec(page.text)?.[1]
const status = () => app().zoho.connection(app().session.id).status()

describe('a callback that is not what it should be reaches no network', () => {
  const cases: [row: string, code: string, change: (url: URL) => void][] = [
    [
      'S1: another state',
      'callback-unbound',
      (url) => url.searchParams.set('state', 'a'.repeat(43)),
    ],
    ['S1: no state', 'callback-malformed', (url) => url.searchParams.delete('state')],
    ['B4: two codes', 'callback-malformed', (url) => url.searchParams.append('code', '1000.other')],
    [
      'B4: two accounts servers',
      'callback-malformed',
      (url) => url.searchParams.append('accounts-server', 'https://accounts.zoho.com'),
    ],
    [
      'B4: oversized',
      'callback-malformed',
      (url) => url.searchParams.set('more', 'x'.repeat(9_000)),
    ],
    [
      'B4: a code with a line break',
      'callback-malformed',
      (url) => url.searchParams.set('code', '1000.a\r\nb'),
    ],
    [
      'B5: a stranger’s accounts server',
      'data-center-unknown',
      (url) => url.searchParams.set('accounts-server', 'https://accounts.zoho.com.evil.example'),
    ],
    [
      'B5: with a trailing slash',
      'data-center-unknown',
      (url) =>
        url.searchParams.set('accounts-server', `${url.searchParams.get('accounts-server')}/`),
    ],
    [
      'B6: another location',
      'data-center-mismatch',
      (url) => url.searchParams.set('location', 'eu'),
    ],
    [
      'B8: another issuer',
      'callback-malformed',
      (url) => url.searchParams.set('iss', 'https://accounts.zoho.eu'),
    ],
    [
      'B18: an access token',
      'callback-malformed',
      (url) => url.searchParams.set('access_token', '1000.abc'),
    ],
    ['neither code nor error', 'callback-malformed', (url) => url.searchParams.delete('code')],
    [
      'both code and error',
      'callback-malformed',
      (url) => url.searchParams.set('error', 'access_denied'),
    ],
  ]
  it.each(cases)('%s → %s', async (_row, code, change) => {
    const url = await consented()
    change(url)
    const page = await browser().open(url.href)
    expect(codeOf(page)).toBe(code)
    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(app().emulator.calls().token).toBe(0)
    expect((await status()).status).toBe('none')
  })

  it('S2: from another browser', async () => {
    const url = await consented()
    const page = await createBrowser().open(url.href)
    expect([codeOf(page), app().emulator.calls().token]).toEqual(['callback-unbound', 0])
  })

  it('S3: another user than the one who began', async () => {
    const url = await consented()
    app().session.principal = 'mallory'
    const page = await browser().open(url.href)
    expect([codeOf(page), page.status, app().emulator.calls().token]).toEqual([
      'principal-mismatch',
      403,
      0,
    ])
  })

  it('S3: nobody signed in any more', async () => {
    const url = await consented()
    app().session.principal = undefined
    expect(codeOf(await browser().open(url.href))).toBe('principal-missing')
  })

  it('C3: the cookie twice', async () => {
    const url = await consented()
    const [name, value] = [...(browser().jar.get(url.host) ?? [])][0] ?? []
    const answer = await createBrowser().send(url.href, {
      headers: { cookie: `${name}=${value}; ${name}=evil` },
    })
    expect([codeOf(answer), app().emulator.calls().token]).toEqual(['callback-malformed', 0])
  })
})

describe('a callback is used once', () => {
  it('B2: a hundred at the same time make one token call', async () => {
    const url = await consented()
    const [name, value] = [...(browser().jar.get(url.host) ?? [])][0] ?? []
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        createBrowser().send(url.href, { headers: { cookie: `${name}=${value}` } }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1)
    expect(new Set(answers.filter((answer) => answer.status !== 303).map(codeOf))).toEqual(
      new Set(['callback-replayed']),
    )
    expect(app().emulator.calls().token).toBe(1)
  })

  it.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    { purpose: 'prefetch' },
  ])('B3: HEAD and fetching ahead with %j spend nothing', async (ahead) => {
    const url = await consented()
    const head = await browser().send(url.href, { method: 'HEAD' })
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET'])
    expect(
      (await browser().send(url.href, { headers: ahead as Record<string, string> })).status,
    ).toBe(204)
    expect(app().emulator.calls().token).toBe(0)
    expect((await browser().open(url.href)).url).toBe(`${app().origin}/`)
    expect((await status()).status).toBe('active')
  })

  it('C6: the cookie goes, whatever came of it; parallel tabs keep theirs', async () => {
    const [first, second] = [await consented(), await consented()]
    expect(browser().jar.get(first.host)?.size).toBe(2)
    first.searchParams.set('location', 'eu')
    await browser().open(first.href)
    expect(browser().jar.get(first.host)?.size).toBe(1)
    await browser().open(second.href)
    expect([browser().jar.get(first.host)?.size, (await status()).status]).toEqual([0, 'active'])
  })

  it('B9: a refusal at Zoho is told, and nothing that Zoho or a stranger wrote is shown', async () => {
    const url = await consented('refuse')
    expect(url.searchParams.get('error')).toBe('access_denied')
    url.searchParams.set('error_description', '<script>alert(1)</script>')
    const page = await browser().open(url.href)
    expect(codeOf(page)).toBe('consent-refused')
    expect(page.text).not.toMatch(/script|alert/)
  })
})
