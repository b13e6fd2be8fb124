import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { running } from './running.ts'

const { emulator, origin, signedIn } = running()
const script = { headers: { accept: 'application/json' } }

/** The connection's status on the home page. */
const badge = (text: string) => /<span class="badge [\w-]+">([^<]*)</.exec(text)?.[1]

describe('one product, many customers', () => {
  it('each office has its own connection, at the data center of its choice, and its people share it', async () => {
    const [mara, jonas, dana, mei, bo] = [
      await signedIn('mara'),
      await signedIn('jonas'),
      await signedIn('dana'),
      await signedIn('mei'),
      await signedIn('bo'),
    ]
    expect((await mara.at('/candidates')).headers.get('location')).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )
    const eu = await mara.connect('?returnTo=/candidates')
    expect([eu.account, eu.back.url]).toEqual([
      emulator.dataCenters.eu.accountsServer,
      `${origin()}/candidates`,
    ])

    const colleague = await jonas.at('/')
    expect([badge(colleague.text), colleague.text]).toEqual([
      'Connected',
      expect.stringMatching(/Connected to<.*Rheinbogen Personal.*As<.*Lena Vogel.*Europe/s),
    ])
    expect((await jonas.at('/candidates')).status).toBe(200)

    const other = await dana.at('/')
    expect([badge(other.text), other.text.includes('Rheinbogen')]).toEqual(['Not connected', false])
    expect((await dana.at('/candidates')).headers.get('location')).toBe(
      '/zoho/connect?returnTo=%2Fcandidates',
    )

    const cn = await mei.connect()
    expect([cn.account, (await bo.at('/')).text]).toEqual([
      emulator.dataCenters.cn.accountsServer,
      expect.stringContaining('Qingshan Talent'),
    ])
    expect((await bo.at('/team')).text).toContain('wei.zhang@qingshan.example')
    expect((await mara.at('/team')).text).toContain('lena.vogel@rheinbogen.example')

    const jp = await dana.connect('?dataCenter=jp')
    expect([jp.account, (await dana.at('/')).text]).toEqual([
      emulator.dataCenters.jp.accountsServer,
      expect.stringMatching(/Aoba Jinzai.*Japan/s),
    ])
    expect((await dana.at('/candidates')).text).not.toBe((await mara.at('/candidates')).text)

    const asha = await signedIn('asha')
    expect(badge((await asha.at('/')).text)).toBe('Not connected')
    const pune = await asha.connect()
    expect([pune.account, (await asha.at('/')).text]).toEqual([
      emulator.dataCenters.in.accountsServer,
      expect.stringMatching(/Saffron Bridge Talent.*India/s),
    ])

    await jonas.at('/zoho/disconnect', { method: 'POST' })
    expect([badge((await mara.at('/')).text), badge((await bo.at('/')).text)]).toEqual([
      'Disconnected',
      'Connected',
    ])
    for (const one of [dana, asha]) await one.at('/zoho/disconnect', { method: 'POST' })
  })

  it.each([
    ['another tenant', 'mara', 'luis'],
    ['another office', 'dana', 'asha'],
  ])(
    'a consent that one began is not finished by somebody of %s, in the same browser',
    async (_, one, other) => {
      const browser = await signedIn(one)
      const callback = await browser.consent()
      await browser.signIn(other)
      const refused = await browser.at(callback, script)
      expect(JSON.parse(refused.text)).toMatchObject({ status: 403, code: 'principal-mismatch' })
      expect(badge((await (await signedIn(one)).at('/')).text)).not.toBe('Connected')
    },
  )

  it('but by a colleague, because the connection is the office’s', async () => {
    const browser = await signedIn('mara')
    const callback = await browser.consent()
    await browser.signIn('jonas')
    expect((await browser.at(callback)).headers.get('location')).toBe('/')
    expect(badge((await browser.at('/')).text)).toBe('Connected')
    await browser.at('/zoho/disconnect', { method: 'POST' })
  })

  it('a callback is of no use in another browser, and to nobody who is signed out', async () => {
    const [mara, luis] = [await signedIn('mara'), await signedIn('luis')]
    const callback = await mara.consent()
    expect(JSON.parse((await luis.at(callback, script)).text)).toMatchObject({
      code: 'callback-unbound',
    })
    await mara.at('/sign-out', { method: 'POST' })
    expect(JSON.parse((await mara.at(callback, script)).text)).toMatchObject({
      status: 401,
      code: 'principal-missing',
    })
  })
})

describe('another Zoho account', () => {
  const of = (text: string) => [...text.matchAll(/<dd><bdi>([^<]*)</g)].map(([, name]) => name)

  it('is refused on a page that says why, and the connection that stood is as it was', async () => {
    const other = emulator.addUser({
      dataCenter: 'eu',
      firstName: 'Nils',
      lastName: 'Brandt',
      organization: 'Alster Talente',
    })
    const [mara, robin] = [await signedIn('mara'), await signedIn('robin')]
    await mara.connect()
    const before = [of((await mara.at('/')).text), (await robin.at('/admin')).text]
    const candidates = (await mara.at('/candidates')).text

    const { back } = await mara.connect('', other.user)
    expect([back.status, /<code>([^<]*)</.exec(back.text)?.[1]]).toEqual([400, 'account-switched'])
    expect(back.text).toMatch(
      /Another Zoho account was connected before\..*href="\/zoho\/connect">Start again/s,
    )
    expect(back.text).not.toMatch(/Alster|Nils/)

    expect([of((await mara.at('/')).text), (await robin.at('/admin')).text]).toEqual(before)
    expect(before[0]).toEqual(['Rheinbogen Personal', 'Lena Vogel'])
    expect((await mara.at('/candidates')).text).toBe(candidates)
    expect(
      emulator
        .tokens()
        .refreshTokens.filter(({ dataCenter }) => dataCenter === 'eu')
        .map(({ user }) => user),
    ).toEqual(['lena.vogel@rheinbogen.example', other.user])
  })

  it('is connected after a disconnect, and its names are text', async () => {
    const harm = `<img src=x onerror=alert(1)>"'&`
    const other = emulator.addUser({
      dataCenter: 'eu',
      firstName: '<script>alert(1)',
      lastName: '</script>',
      organization: harm,
    })
    const mara = await signedIn('mara')
    await mara.at('/zoho/disconnect', { method: 'POST' })
    await mara.connect('', other.user)
    const home = (await mara.at('/')).text
    expect(of(home)).toEqual([
      '&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;',
      '&#60;script&#62;alert(1) &#60;/script&#62;',
    ])
    expect(home).not.toMatch(/<(img|script)/)
    await mara.at('/zoho/disconnect', { method: 'POST' })
  })
})

describe('the login', () => {
  it('is asked for, and leads back; a script is told', async () => {
    const nobody = (path: string, accept: string) =>
      fetch(origin() + path, { redirect: 'manual', headers: { accept } })
    expect((await nobody('/candidates?page=2', 'text/html')).headers.get('location')).toBe(
      '/sign-in?returnTo=%2Fcandidates%3Fpage%3D2',
    )
    const told = await nobody('/candidates', 'application/json')
    expect([told.status, await told.json()]).toEqual([
      401,
      { status: 401, message: 'Sign in first.' },
    ])
    expect((await nobody('/zoho/connect', 'text/html')).status).toBe(401)
  })

  it('leads to no other site', async () => {
    for (const returnTo of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a\nb']) {
      const answer = await fetch(`${origin()}/sign-in`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ user: 'mara', returnTo }),
      })
      expect([returnTo, answer.headers.get('location')]).toEqual([returnTo, '/'])
    }
  })

  it('believes no cookie but its own', async () => {
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

  it('is not for other sites to use', async () => {
    const mara = await signedIn('mara')
    for (const path of ['/sign-in', '/sign-out', '/zoho/disconnect']) {
      const answer = await mara.at(path, {
        method: 'POST',
        headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      })
      expect([path, answer.status, answer.headers.getSetCookie()]).toEqual([path, 403, []])
    }
  })
})
