import {
  inChromium,
  launchChromium,
  noChromium,
} from '@zrecruit-examples/shared-ui/test-support/chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { secureSite, type SecureSite } from './secure-site.ts'

describe.skipIf(noChromium)(inChromium, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  /** A site, a new browser profile and a page on which a user is signed in. */
  const arrived = async (options?: Parameters<typeof secureSite>[0], login = '/login?as=ann') => {
    const site = await secureSite(options)
    const context = await browser.newContext({ ignoreHTTPSErrors: true })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.goto(site.origin + login)
    return { site, context, page }
  }
  /** Opens Zoho's consent page, at 127.0.0.1: another site. */
  const begin = async ({ origin }: SecureSite, page: Page) => {
    await page.goto(origin)
    await page.getByRole('link', { name: 'Connect' }).click()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
  }
  const accept = (page: Page) => page.getByRole('button', { name: 'Accept' }).click()
  /** Accepts, and returns the callback's address with its unused code. */
  const acceptAndKeep = async ({ kept }: SecureSite, page: Page): Promise<string> => {
    const callbacks: string[] = (kept.callbacks = [])
    await accept(page)
    await expect.poll(() => callbacks.length).toBe(1)
    kept.callbacks = undefined
    expect(callbacks).toEqual([expect.stringContaining('code=')])
    return callbacks[0] ?? ''
  }
  const bindings = async (context: BrowserContext, { origin }: SecureSite) =>
    (await context.cookies(origin)).filter(({ name }) => /zro-/.test(name))
  const status = async ({ zoho }: SecureSite) => (await zoho.connection('acme').status()).status
  const shown = (page: Page) => page.locator('code').innerText()
  /** A page of another site, with its response headers. */
  const put = (
    { pages, at }: SecureSite,
    host: string,
    html: string,
    headers: [string, string][] = [],
  ): string => {
    pages.set(`${host}/`, { html, headers })
    return at(host)
  }

  describe('cookies', () => {
    it('C1: a sibling host that knows the cookie’s name cannot set one that the callback sees', async () => {
      const { site, context, page } = await arrived()
      await begin(site, page)
      const [{ name, value } = { name: '', value: '' }] = await bindings(context, site)
      expect(name).toMatch(/^__Host-zro-/)
      const plain = name.replace('__Host-', '')
      const tossed = [
        `${name}=evil; Domain=app.test; Path=/; Secure`,
        `${name}=evil; Domain=app.test; Path=/zoho/callback; Secure`,
        `${plain}=evil; Domain=app.test; Path=/zoho/callback; Secure`,
        `=${name}=evil; Domain=app.test; Path=/; Secure`,
        `\u2000${name}=evil; Domain=app.test; Path=/; Secure`,
        `__HOST-${plain}=evil; Domain=app.test; Path=/; Secure`,
      ]
      const evil = await context.newPage()
      // Header values are bytes: the space is sent as UTF-8.
      const asBytes = (text: string) => Buffer.from(text).toString('latin1')
      await evil.goto(
        put(
          site,
          'evil.app.test',
          `<script>for (const one of ${JSON.stringify(tossed)}) document.cookie = one</script>`,
          tossed.map((line) => ['set-cookie', asBytes(line)]),
        ),
      )
      await accept(page)
      await page.waitForURL(`${site.origin}/`)
      const header = site.callbacks()[0]?.headers.get('cookie') ?? ''
      // The browser sends the sibling host's cookies, but only the app can set the prefixed name.
      expect(header).toContain(`${plain}=evil`)
      expect(header.split('; ').filter((pair) => pair.startsWith(`${name}=`))).toEqual([
        `${name}=${value}`,
      ])
      expect(await status(site)).toBe('active')
    }, 60_000)

    it('C1, S2: a sibling host cannot plant the attacker’s own request in another’s browser', async () => {
      const { site, context, page } = await arrived()
      const attackers = await browser.newContext({ ignoreHTTPSErrors: true })
      const theirs = await attackers.newPage()
      await theirs.goto(`${site.origin}/login?as=ann`)
      await begin(site, theirs)
      const [planted] = await bindings(attackers, site)
      const callback = await acceptAndKeep(site, theirs)
      await attackers.close()
      const cookie = `${planted?.name}=${planted?.value}; Domain=app.test; Path=/; Secure; SameSite=Lax`
      await page.goto(
        put(
          site,
          'evil.app.test',
          `<script>document.cookie = ${JSON.stringify(cookie)}</script><a ` +
            `href="${callback.replaceAll('&', '&amp;')}">go</a>`,
          [['set-cookie', cookie]],
        ),
      )
      await page.getByRole('link', { name: 'go' }).click()
      expect([await shown(page), site.emulator.calls().token, await status(site)]).toEqual([
        'callback-unbound',
        0,
        'none',
      ])
      expect(await bindings(context, site)).toEqual([])
    }, 60_000)

    it('C4: Lax comes along when Zoho sends the browser back after a click; the same cookie as Strict does not', async () => {
      const { site, context, page } = await arrived()
      await begin(site, page)
      expect(await bindings(context, site)).toMatchObject([
        { httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'app.test' },
      ])
      await accept(page)
      await page.waitForURL(`${site.origin}/`)
      expect([await status(site), await bindings(context, site)]).toEqual(['active', []])
      site.tamper.response = ({ headers }) => {
        const lines = headers.getSetCookie()
        headers.delete('set-cookie')
        for (const line of lines)
          headers.append('set-cookie', line.replace('SameSite=Lax', 'SameSite=Strict'))
      }
      await begin(site, page)
      expect(await bindings(context, site)).toMatchObject([{ sameSite: 'Strict' }])
      await accept(page)
      expect(await shown(page)).toBe('callback-unbound')
    }, 60_000)

    it('C4, S3: an app whose session cookie is Strict: the callback comes without it, reloads itself once, and has it', async () => {
      const { site, page } = await arrived({}, '/login?as=ann&sameSite=Strict')
      await begin(site, page)
      await accept(page)
      await page.waitForURL(`${site.origin}/`)
      const told = site
        .callbacks()
        .map(({ headers, status: answered }) => [
          headers.get('sec-fetch-site'),
          /session=ann/.test(headers.get('cookie') ?? ''),
          answered,
        ])
      expect(told).toEqual([
        ['cross-site', false, 200],
        ['same-origin', true, 303],
      ])
      expect([await status(site), site.emulator.calls().token]).toEqual(['active', 1])
    }, 60_000)

    it('C4, S3: without that page it fails', async () => {
      const { site, page } = await arrived({}, '/login?as=ann&sameSite=Strict')
      site.tamper.request = (headers) => headers.delete('sec-fetch-site')
      await begin(site, page)
      await accept(page)
      expect([await shown(page), site.emulator.calls().token]).toEqual(['principal-missing', 0])
    }, 60_000)

    it('C4, S3: it reloads once, also when nobody is signed in any more', async () => {
      const { site, context, page } = await arrived()
      await begin(site, page)
      await context.clearCookies({ name: 'session' })
      await accept(page)
      await page.locator('code').waitFor()
      expect([
        await shown(page),
        site.callbacks().map((one) => one.status),
        site.emulator.calls().token,
      ]).toEqual(['principal-missing', [200, 401], 0])
    }, 60_000)

    it('S3: another user who signs in to the same browser meanwhile does not get the first one’s consent', async () => {
      const { site, context, page } = await arrived()
      await begin(site, page)
      const second = await context.newPage()
      await second.goto(`${site.origin}/login?as=bob`)
      await accept(page)
      await page.locator('code').waitFor()
      expect([await shown(page), site.emulator.calls().token, await status(site)]).toEqual([
        'principal-mismatch',
        0,
        'none',
      ])
    }, 60_000)

    it('S12: five tabs finish in the reverse order; a sixth takes the place of the first alone', async () => {
      const { site, context, page } = await arrived()
      const tabs = [page]
      while (tabs.length < 5) tabs.push(await context.newPage())
      for (const tab of tabs) await begin(site, tab)
      const names = (await bindings(context, site)).map(({ name }) => name)
      expect(names.length).toBe(5)
      const sixth = await context.newPage()
      await begin(site, sixth)
      expect((await bindings(context, site)).length).toBe(5)
      for (const tab of [sixth, ...tabs.toReversed()]) {
        await accept(tab)
        if (tab === page) expect(await shown(tab)).toBe('callback-unbound')
        else await tab.waitForURL(`${site.origin}/`)
      }
      expect([await bindings(context, site), site.emulator.calls().token]).toEqual([[], 5])
    }, 60_000)
  })

  describe('addresses', () => {
    it('B10: the page after the callback is told no Referer, and the history holds no code; with the page that reloads neither', async () => {
      for (const sameSite of ['Lax', 'Strict']) {
        const { site, context, page } = await arrived({}, `/login?as=ann&sameSite=${sameSite}`)
        const referers: (string | undefined)[] = []
        page.on(
          'request',
          async (request) => void referers.push((await request.allHeaders())['referer']),
        )
        await begin(site, page)
        referers.length = 0
        await accept(page)
        await page.waitForURL(`${site.origin}/`)
        expect(await page.evaluate('document.referrer')).toBe('')
        const home = site.seen.findLast(({ path }) => path === '/')
        expect(home?.headers.get('referer')).toBe(null)
        const { entries } = await (
          await context.newCDPSession(page)
        ).send('Page.getNavigationHistory')
        expect([
          sameSite,
          entries.map(({ url }) => url).filter((url) => url.startsWith(`${site.origin}/zoho/`)),
        ]).toEqual([sameSite, []])
      }
    }, 60_000)

    it('B10: neither is Zoho, when somebody starts again from an error page at the callback', async () => {
      const { site, page } = await arrived()
      const asked: Promise<Record<string, string>>[] = []
      page.on('request', (request) => void asked.push(request.allHeaders()))
      await page.goto(`${site.origin}/zoho/callback?state=${'S'.repeat(43)}&code=1000.secret`)
      expect(await shown(page)).toBe('callback-unbound')
      await page.getByRole('link', { name: 'Start again' }).click()
      await page.getByRole('button', { name: 'Accept' }).waitFor()
      for (const headers of await Promise.all(asked))
        expect(headers['referer'] ?? '').not.toContain('callback')
    }, 60_000)

    it('B3: a link that the browser fetches ahead spends nothing; the person who follows it connects', async () => {
      const { site, page } = await arrived()
      await begin(site, page)
      const address = (await acceptAndKeep(site, page)).replaceAll('&', '&amp;')
      site.pages.set('app.test/ahead', {
        html: `<!doctype html><link rel="prefetch" href="${address}"><a href="${address}">go</a>`,
      })
      await page.goto(`${site.origin}/ahead`)
      await expect.poll(() => site.callbacks().length).toBeGreaterThan(0)
      expect(
        site
          .callbacks()
          .map(({ headers, status: answered }) => [
            headers.get('sec-purpose')?.startsWith('prefetch'),
            answered,
          ]),
      ).toEqual([[true, 204]])
      await page.getByRole('link', { name: 'go' }).click()
      await page.waitForURL(`${site.origin}/`)
      expect([await status(site), site.emulator.calls().token]).toEqual(['active', 1])
    }, 60_000)

    it('B14: five hundred returnTo, each followed by the browser: all of them stay on the app’s origin', async () => {
      const { site, page } = await arrived()
      const pieces = [
        '/',
        '//',
        '\\',
        '..',
        '/..',
        '.',
        '%2e',
        '%2f',
        '%5c',
        '%09',
        '@',
        ':',
        ';',
        '?',
        '#',
        '&',
        '=',
        'evil.test',
        'https:',
        'http://',
        'javascript:',
        'a',
        '\t',
        '\n',
        '\r',
        '\u00a0',
        '\u3002',
        '\uff0f',
        '\u2044',
        'é',
        ' ',
        '~',
        '|',
        '[',
        '"',
        "'",
        '<',
        '*',
      ]
      const random = (below: number) => Math.floor(Math.random() * below)
      const texts = Array.from(
        { length: 500 },
        (_, index) =>
          (index % 5 ? '/' : '') +
          Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join(''),
      )
      const landed = await page.evaluate(async (all: string[]) => {
        const follow = (text: string) =>
          new Promise<string>((resolve) => {
            const frame = Object.assign(document.createElement('iframe'), {
              name: `f${Math.random()}`,
            })
            const form = Object.assign(document.createElement('form'), {
              method: 'post',
              target: frame.name,
              action: `/zoho/disconnect?${new URLSearchParams({ returnTo: text })}`,
            })
            document.body.append(frame, form)
            frame.addEventListener('load', () => {
              let where = 'elsewhere'
              try {
                where = frame.contentWindow?.location.href ?? 'nowhere'
              } catch {
                // Another origin: its address is not readable.
              }
              if (where === 'about:blank') return
              frame.remove()
              form.remove()
              resolve(where)
            })
            form.submit()
          })
        const found: string[] = []
        for (let at = 0; at < all.length; at += 20)
          found.push(...(await Promise.all(all.slice(at, at + 20).map(follow))))
        return found
      }, texts)
      const strayed = texts
        .map((text, index) => ({ text, landed: landed[index] }))
        .filter(
          ({ landed: where }) =>
            where === undefined ||
            !where.startsWith(`${site.origin}/`) ||
            where.startsWith(`${site.origin}//`),
        )
      expect(strayed).toEqual([])
      // Some were accepted unchanged, and led where the browser's own parser says.
      const taken = texts
        .map((text, index) => ({ text, where: landed[index] }))
        .filter(({ where }) => where !== `${site.origin}/`)
      expect(taken.length).toBeGreaterThan(50)
      const resolved = await page.evaluate(
        ({ all, origin }: { all: string[]; origin: string }) =>
          all.map((text) => new URL(text, origin).href),
        { all: taken.map(({ text }) => text), origin: site.origin },
      )
      const withoutEmptyEnds = (href: string | undefined) =>
        href?.replace(/#$/, '').replace(/\?(?=#|$)/, '')
      expect(taken.map(({ where }) => withoutEmptyEnds(where))).toEqual(
        resolved.map(withoutEmptyEnds),
      )
    }, 120_000)
  })

  describe('other sites', () => {
    const attacks = ({
      origin,
    }: SecureSite) => `<!doctype html><img src="${origin}/zoho/connect"><iframe src="${origin}/zoho/connect"></iframe><iframe name="a"></iframe><iframe name="b"></iframe>
      <form id="connect" method="post" target="a" action="${origin}/zoho/connect"></form><form id="disconnect" method="post" target="b" action="${origin}/zoho/disconnect"></form>
      <script>
        document.forms.connect.submit()
        document.forms.disconnect.submit()
        for (const path of ['connect', 'disconnect']) fetch('${origin}/zoho/' + path, { method: 'POST', mode: 'no-cors', credentials: 'include' })
        fetch('${origin}/zoho/connect', { mode: 'no-cors', credentials: 'include' })
      </script>`

    it.each(['evil.test', 'evil.app.test'])(
      'S11: images, frames, forms and scripts at %s begin nothing and end nothing',
      async (host) => {
        const { site, context, page } = await arrived()
        await begin(site, page)
        await accept(page)
        await page.waitForURL(`${site.origin}/`)
        expect(await status(site)).toBe('active')
        const before = site.seen.length
        await page.goto(put(site, host, attacks(site)))
        const came = () => site.seen.slice(before).filter(({ path }) => path.startsWith('/zoho/'))
        await expect.poll(() => came().length).toBe(7)
        expect(came().map(({ status: answered }) => answered)).toEqual(Array(7).fill(403))
        // The sibling's requests include the session, so they are not refused for lack of one.
        const signedIn = came().filter(({ headers }) =>
          headers.get('cookie')?.includes('session=ann'),
        ).length
        if (host === 'evil.app.test') expect(signedIn).toBeGreaterThan(0)
        expect([
          await bindings(context, site),
          await status(site),
          site.emulator.calls().revoke,
        ]).toEqual([[], 'active', 0])
      },
      60_000,
    )

    it('S11: a person who came by a link confirms first', async () => {
      const { site, context, page } = await arrived()
      await page.goto(
        put(
          site,
          'evil.test',
          `<a href="${site.origin}/zoho/connect?returnTo=/candidates">free candidates</a>`,
        ),
      )
      await page.getByRole('link').click()
      await page.waitForURL(`${site.origin}/zoho/connect?returnTo=/candidates`)
      expect(await bindings(context, site)).toEqual([])
      await page.getByRole('link', { name: 'Continue' }).click()
      await page.getByRole('button', { name: 'Accept' }).waitFor()
      expect((await bindings(context, site)).length).toBe(1)
    }, 60_000)

    it('C7: our pages are not shown in another site’s frame, nor in the app’s own', async () => {
      const { site, page } = await arrived()
      for (const host of ['evil.test', 'app.test']) {
        put(site, host, `<!doctype html><iframe src="${site.origin}/zoho/callback"></iframe>`)
        const blocked = page.waitForEvent('console', {
          predicate: (message) => message.text().includes('frame-ancestors'),
        })
        await page.goto(site.at(host))
        await blocked
        await expect
          .poll(() => page.frames().map((frame) => frame.url()))
          .toContain('chrome-error://chromewebdata/')
      }
    }, 60_000)

    it('the app’s own form disconnects', async () => {
      const { site, page } = await arrived()
      await begin(site, page)
      await accept(page)
      await page.getByRole('button', { name: 'Disconnect' }).click()
      await expect.poll(() => status(site)).toBe('revoked')
      await page.waitForURL(`${site.origin}/`)
    }, 60_000)
  })

  it('S2, S3: a single-page app with a Bearer token begins by POST and comes back by the binding alone', async () => {
    const { site, context, page } = await arrived({ callbackIdentity: 'cookie' }, '/')
    const start = () =>
      page.evaluate(async () => {
        const response = await fetch('/zoho/connect?returnTo=/home', {
          method: 'POST',
          headers: { authorization: 'Bearer ann' },
        })
        location.href = ((await response.json()) as { url: string }).url
      })
    await start()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
    expect((await bindings(context, site)).length).toBe(1)
    await accept(page)
    await page.waitForURL(`${site.origin}/home`)
    expect(await site.zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      principal: 'ann',
    })
  }, 60_000)
})
