import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { startApp } from './app.ts'

const { emulator, origin, signIn } = startApp()
const script = { headers: { accept: 'application/json' } }

/** The connection's status on the home page. */
const statusIn = (text: string) => /<span class="badge [\w-]+">([^<]*)</.exec(text)?.[1]

describe('one product, many customers', () => {
  it('each office has one connection, in its data center, and its users share it', async () => {
    const mara = await signIn('mara')
    const jonas = await signIn('jonas')
    const dana = await signIn('dana')
    const mei = await signIn('mei')
    const bo = await signIn('bo')
    expect((await mara.request('/candidates')).headers.get('location')).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )
    const eu = await mara.connect('?returnTo=/candidates')
    expect([eu.accountsServer, eu.page.url]).toEqual([
      emulator.dataCenters.eu.accountsServer,
      `${origin()}/candidates`,
    ])

    const colleague = await jonas.request('/')
    expect([statusIn(colleague.text), colleague.text]).toEqual([
      'Connected',
      expect.stringMatching(/Connected to<.*Rheinbogen Personal.*As<.*Lena Vogel.*Europe/s),
    ])
    expect((await jonas.request('/candidates')).status).toBe(200)

    const other = await dana.request('/')
    expect([statusIn(other.text), other.text.includes('Rheinbogen')]).toEqual([
      'Not connected',
      false,
    ])
    expect((await dana.request('/candidates')).headers.get('location')).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )

    const cn = await mei.connect()
    expect([cn.accountsServer, (await bo.request('/')).text]).toEqual([
      emulator.dataCenters.cn.accountsServer,
      expect.stringContaining('Qingshan Talent'),
    ])
    expect((await bo.request('/team')).text).toContain('wei.zhang@qingshan.example')
    expect((await mara.request('/team')).text).toContain('lena.vogel@rheinbogen.example')

    const jp = await dana.connect('?dataCenter=jp')
    expect([jp.accountsServer, (await dana.request('/')).text]).toEqual([
      emulator.dataCenters.jp.accountsServer,
      expect.stringMatching(/Aoba Jinzai.*Japan/s),
    ])
    expect((await dana.request('/candidates')).text).not.toBe(
      (await mara.request('/candidates')).text,
    )

    const asha = await signIn('asha')
    expect(statusIn((await asha.request('/')).text)).toBe('Not connected')
    const pune = await asha.connect()
    expect([pune.accountsServer, (await asha.request('/')).text]).toEqual([
      emulator.dataCenters.in.accountsServer,
      expect.stringMatching(/Saffron Bridge Talent.*India/s),
    ])

    await jonas.request('/zoho/disconnect', { method: 'POST' })
    expect([
      statusIn((await mara.request('/')).text),
      statusIn((await bo.request('/')).text),
    ]).toEqual(['Disconnected', 'Connected'])
    for (const user of [dana, asha]) await user.request('/zoho/disconnect', { method: 'POST' })
  })

  it.each([
    ['another tenant', 'mara', 'luis'],
    ['another office', 'dana', 'asha'],
  ])('a user of %s cannot finish a consent, in the same browser', async (_, userId, otherId) => {
    const browser = await signIn(userId)
    const callback = await browser.acceptOnly()
    await browser.switchUser(otherId)
    const refused = await browser.request(callback, script)
    expect(JSON.parse(refused.text)).toMatchObject({ status: 403, code: 'principal-mismatch' })
    expect(statusIn((await (await signIn(userId)).request('/')).text)).not.toBe('Connected')
  })

  it('a colleague can finish a consent, because the office shares the connection', async () => {
    const browser = await signIn('mara')
    const callback = await browser.acceptOnly()
    await browser.switchUser('jonas')
    expect((await browser.request(callback)).headers.get('location')).toBe('/')
    expect(statusIn((await browser.request('/')).text)).toBe('Connected')
    await browser.request('/zoho/disconnect', { method: 'POST' })
  })

  it('a callback is refused in another browser, and without a signed-in user', async () => {
    const mara = await signIn('mara')
    const luis = await signIn('luis')
    const callback = await mara.acceptOnly()
    expect(JSON.parse((await luis.request(callback, script)).text)).toMatchObject({
      code: 'callback-unbound',
    })
    await mara.request('/sign-out', { method: 'POST' })
    expect(JSON.parse((await mara.request(callback, script)).text)).toMatchObject({
      status: 401,
      code: 'principal-missing',
    })
  })
})

describe('another Zoho account', () => {
  const accountNames = (text: string) =>
    [...text.matchAll(/<dd><bdi>([^<]*)</g)].map(([, name]) => name)

  it('is refused with the reason, and the existing connection is unchanged', async () => {
    const other = emulator.addUser({
      dataCenter: 'eu',
      firstName: 'Nils',
      lastName: 'Brandt',
      organization: 'Alster Talente',
    })
    const mara = await signIn('mara')
    const robin = await signIn('robin')
    await mara.connect()
    const before = [
      accountNames((await mara.request('/')).text),
      (await robin.request('/admin')).text,
    ]
    const candidates = (await mara.request('/candidates')).text

    const { page } = await mara.connect('', other.user)
    expect([page.status, /<code>([^<]*)</.exec(page.text)?.[1]]).toEqual([400, 'account-switched'])
    expect(page.text).toContain('A different Zoho account was connected before')
    expect(page.text).toMatch(/href="\/zoho\/connect[^"]*">Choose the other account/)
    expect(page.text).not.toMatch(/Alster|Nils/)

    expect([
      accountNames((await mara.request('/')).text),
      (await robin.request('/admin')).text,
    ]).toEqual(before)
    expect(before[0]).toEqual(['Rheinbogen Personal', 'Lena Vogel'])
    expect((await mara.request('/candidates')).text).toBe(candidates)
    expect(
      emulator
        .tokens()
        .refreshTokens.filter(({ dataCenter }) => dataCenter === 'eu')
        .map(({ user }) => user),
    ).toEqual(['lena.vogel@rheinbogen.example', other.user])
  })

  it('can be connected after a disconnect, and its names are escaped', async () => {
    const harm = `<img src=x onerror=alert(1)>"'&`
    const other = emulator.addUser({
      dataCenter: 'eu',
      firstName: '<script>alert(1)',
      lastName: '</script>',
      organization: harm,
    })
    const mara = await signIn('mara')
    await mara.request('/zoho/disconnect', { method: 'POST' })
    await mara.connect('', other.user)
    const home = (await mara.request('/')).text
    expect(accountNames(home)).toEqual([
      '&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;',
      '&#60;script&#62;alert(1) &#60;/script&#62;',
    ])
    expect(home).not.toMatch(/<(img|script)/)
    await mara.request('/zoho/disconnect', { method: 'POST' })
  })
})

describe('sign-in', () => {
  it('is required, and returns to the requested page; scripts get 401', async () => {
    const requestSignedOut = (path: string, accept: string) =>
      fetch(origin() + path, { redirect: 'manual', headers: { accept } })
    expect(
      (await requestSignedOut('/candidates?page=2', 'text/html')).headers.get('location'),
    ).toBe('/sign-in?returnTo=%2Fcandidates%3Fpage%3D2')
    const refused = await requestSignedOut('/candidates', 'application/json')
    expect([refused.status, await refused.json()]).toEqual([
      401,
      { status: 401, message: 'Sign in first.' },
    ])
    expect((await requestSignedOut('/zoho/connect', 'text/html')).status).toBe(401)
  })

  it('does not redirect to other sites', async () => {
    for (const returnTo of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\nb']) {
      const response = await fetch(`${origin()}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ user: 'mara', returnTo }),
      })
      expect([returnTo, response.headers.get('location')]).toEqual([returnTo, '/'])
    }
  })

  it('accepts only cookies with its own signature', async () => {
    const later = Math.floor(Date.now() / 1000) + 600
    const signed = (value: string, key: string) =>
      `${value}.${createHmac('sha256', key).update(value).digest('base64url')}`
    for (const session of [
      'mara',
      `mara.${later}`,
      `mara.${later}.`,
      signed(`mara.${later}`, ''),
      signed(`mara.${later}`, 'guessed'),
      `mara.${later}.${'a'.repeat(43)}`,
    ]) {
      expect(
        (
          await fetch(`${origin()}/`, {
            redirect: 'manual',
            headers: { accept: 'text/html', cookie: `session=${session}` },
          })
        ).headers.get('location'),
      ).toBe('/sign-in?returnTo=%2F')
    }
  })

  it('is refused to forms of other sites', async () => {
    const mara = await signIn('mara')
    for (const path of ['/sign-in', '/sign-out', '/zoho/disconnect']) {
      const response = await mara.request(path, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      })
      expect([path, response.status, response.headers.getSetCookie()]).toEqual([path, 403, []])
    }
  })
})
