import { chromiumTitle, noChromium } from '@zrecruit-examples/shared-ui/test-support/chromium'
import { describe, expect, it } from 'vitest'
import {
  accept,
  connectionStatus,
  errorCode,
  interceptCallback,
  startConsent,
  useChromium,
} from './browser-session.ts'

// Referer, history, prefetching and `returnTo`, in a real browser.
describe.skipIf(noChromium)(chromiumTitle, () => {
  const { signIn } = useChromium()

  it('B10: after the callback there is no Referer, and no code in the history', async () => {
    for (const sameSite of ['Lax', 'Strict']) {
      const { site, context, page } = await signIn({}, `/login?as=ann&sameSite=${sameSite}`)
      const referers: (string | undefined)[] = []
      page.on(
        'request',
        async (request) => void referers.push((await request.allHeaders())['referer']),
      )
      await startConsent(site, page)
      referers.length = 0
      await accept(page)
      await page.waitForURL(`${site.origin}/`)
      expect(await page.evaluate('document.referrer')).toBe('')
      const home = site.requests.findLast(({ path }) => path === '/')
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

  it('B10: Zoho gets no Referer with a code from the callback’s error page', async () => {
    const { site, page } = await signIn()
    const requestHeaders: Promise<Record<string, string>>[] = []
    page.on('request', (request) => void requestHeaders.push(request.allHeaders()))
    await page.goto(`${site.origin}/zoho/callback?state=${'S'.repeat(43)}&code=1000.secret`)
    expect(await errorCode(page)).toBe('callback-unbound')
    await page.getByRole('link', { name: 'Start again' }).click()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
    for (const headers of await Promise.all(requestHeaders))
      expect(headers['referer'] ?? '').not.toContain('callback')
  }, 60_000)

  it('B3: prefetching a link does not use up the callback, and following it connects', async () => {
    const { site, page } = await signIn()
    await startConsent(site, page)
    const address = (await interceptCallback(site, page)).replaceAll('&', '&amp;')
    site.pages.set('app.test/ahead', {
      html: `<!doctype html><link rel="prefetch" href="${address}"><a href="${address}">go</a>`,
    })
    await page.goto(`${site.origin}/ahead`)
    await expect.poll(() => site.callbacks().length).toBeGreaterThan(0)
    expect(
      site
        .callbacks()
        .map(({ headers, status }) => [headers.get('sec-purpose')?.startsWith('prefetch'), status]),
    ).toEqual([[true, 503]])
    await page.getByRole('link', { name: 'go' }).click()
    await page.waitForURL(`${site.origin}/`)
    expect([await connectionStatus(site), site.emulator.calls().token]).toEqual(['active', 1])
  }, 60_000)

  it('B14: five hundred values of returnTo stay on the app’s origin', async () => {
    const { site, page } = await signIn()
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
    const returnTos = Array.from(
      { length: 500 },
      (_, index) =>
        (index % 5 ? '/' : '') +
        Array.from({ length: 1 + random(6) }, () => pieces[random(pieces.length)]).join(''),
    )
    const destinations = await page.evaluate(async (all: string[]) => {
      const follow = (returnTo: string) =>
        new Promise<string>((resolve) => {
          const frame = Object.assign(document.createElement('iframe'), {
            name: `f${Math.random()}`,
          })
          const form = Object.assign(document.createElement('form'), {
            method: 'post',
            target: frame.name,
            action: `/zoho/disconnect?${new URLSearchParams({ returnTo })}`,
          })
          document.body.append(frame, form)
          frame.addEventListener('load', () => {
            let destination = 'another origin'
            try {
              destination = frame.contentWindow?.location.href ?? 'no window'
            } catch {
              // The address of another origin is not readable.
            }
            if (destination === 'about:blank') return
            frame.remove()
            form.remove()
            resolve(destination)
          })
          form.submit()
        })
      const results: string[] = []
      for (let start = 0; start < all.length; start += 20)
        results.push(...(await Promise.all(all.slice(start, start + 20).map(follow))))
      return results
    }, returnTos)
    const redirects = returnTos.map((returnTo, index) => ({
      returnTo,
      destination: destinations[index],
    }))
    const leftOrigin = redirects.filter(
      ({ destination }) =>
        destination === undefined ||
        !destination.startsWith(`${site.origin}/`) ||
        destination.startsWith(`${site.origin}//`),
    )
    expect(leftOrigin).toEqual([])
    // Some values were accepted unchanged. The browser's URL parser gives the same destinations.
    const accepted = redirects.filter(({ destination }) => destination !== `${site.origin}/`)
    expect(accepted.length).toBeGreaterThan(50)
    const resolved = await page.evaluate(
      ({ all, origin }: { all: string[]; origin: string }) =>
        all.map((returnTo) => new URL(returnTo, origin).href),
      { all: accepted.map(({ returnTo }) => returnTo), origin: site.origin },
    )
    const withoutEmptyQueryAndFragment = (href: string | undefined) =>
      href?.replace(/#$/, '').replace(/\?(?=#|$)/, '')
    expect(accepted.map(({ destination }) => withoutEmptyQueryAndFragment(destination))).toEqual(
      resolved.map(withoutEmptyQueryAndFragment),
    )
  }, 120_000)
})
