import { chromiumTitle, noChromium } from '@zrecruit-examples/shared-ui/test-support/chromium'
import { describe, expect, it } from 'vitest'
import {
  accept,
  addPage,
  bindingCookies,
  connectionStatus,
  startConsent,
  useChromium,
} from './browser-session.ts'
import type { SecureSite } from './secure-site.ts'

// Requests and frames of other sites, in a real browser.
describe.skipIf(noChromium)(chromiumTitle, () => {
  const { signIn } = useChromium()

  /** A page that sends each kind of cross-site request to the app. */
  const attackPage = ({ origin }: SecureSite) => {
    const connect = `${origin}/zoho/connect`
    const disconnect = `${origin}/zoho/disconnect`
    return `<!doctype html>
        <img src="${connect}">
        <iframe src="${connect}"></iframe>
        <iframe name="a"></iframe>
        <iframe name="b"></iframe>
        <form id="connect" method="post" target="a" action="${connect}"></form>
        <form id="disconnect" method="post" target="b" action="${disconnect}"></form>
        <script>
          document.forms.connect.submit()
          document.forms.disconnect.submit()
          const options = { mode: 'no-cors', credentials: 'include' }
          fetch('${connect}', { ...options, method: 'POST' })
          fetch('${disconnect}', { ...options, method: 'POST' })
          fetch('${connect}', options)
        </script>`
  }

  it.each(['evil.test', 'evil.app.test'])(
    'S11: images, frames, forms and scripts at %s cannot connect or disconnect',
    async (host) => {
      const { site, context, page } = await signIn()
      await startConsent(site, page)
      await accept(page)
      await page.waitForURL(`${site.origin}/`)
      expect(await connectionStatus(site)).toBe('active')
      const before = site.requests.length
      await page.goto(addPage(site, host, attackPage(site)))
      const attackRequests = () =>
        site.requests.slice(before).filter(({ path }) => path.startsWith('/zoho/'))
      const attackCount = 7 // An image, a frame, two forms and three calls of `fetch`.
      await expect.poll(() => attackRequests().length).toBe(attackCount)
      expect(attackRequests().map(({ status }) => status)).toEqual(Array(attackCount).fill(403))
      // `evil.app.test` is the same site as `app.test`. Its requests include the session cookie, so
      // a missing session is not the reason for the refusal.
      const signedInCount = attackRequests().filter(({ headers }) =>
        headers.get('cookie')?.includes('session=ann'),
      ).length
      if (host === 'evil.app.test') expect(signedInCount).toBeGreaterThan(0)
      expect([
        await bindingCookies(context, site),
        await connectionStatus(site),
        site.emulator.calls().revoke,
      ]).toEqual([[], 'active', 0])
    },
    60_000,
  )

  it('S11: a user who followed a link from another site must confirm', async () => {
    const { site, context, page } = await signIn()
    await page.goto(
      addPage(
        site,
        'evil.test',
        `<a href="${site.origin}/zoho/connect?returnTo=/candidates">free candidates</a>`,
      ),
    )
    await page.getByRole('link').click()
    await page.waitForURL(`${site.origin}/zoho/connect?returnTo=/candidates`)
    expect(await bindingCookies(context, site)).toEqual([])
    await page.getByRole('link', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Accept' }).waitFor()
    expect((await bindingCookies(context, site)).length).toBe(1)
  }, 60_000)

  it('C7: the library’s pages are not displayed in frames', async () => {
    const { site, page } = await signIn()
    for (const host of ['evil.test', 'app.test']) {
      addPage(site, host, `<!doctype html><iframe src="${site.origin}/zoho/callback"></iframe>`)
      const blocked = page.waitForEvent('console', {
        predicate: (message) => message.text().includes('frame-ancestors'),
      })
      await page.goto(site.originOf(host))
      await blocked
      await expect
        .poll(() => page.frames().map((frame) => frame.url()))
        .toContain('chrome-error://chromewebdata/')
    }
  }, 60_000)

  it('the app’s own form disconnects', async () => {
    const { site, page } = await signIn()
    await startConsent(site, page)
    await accept(page)
    await page.getByRole('button', { name: 'Disconnect' }).click()
    await expect.poll(() => connectionStatus(site)).toBe('revoked')
    await page.waitForURL(`${site.origin}/`)
  }, 60_000)
})
