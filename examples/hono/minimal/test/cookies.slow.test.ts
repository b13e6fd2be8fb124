import { chromiumTitle, noChromium } from '@zrecruit-examples/shared-ui/test-support/chromium'
import { describe, expect, it } from 'vitest'
import {
  accept,
  addPage,
  bindingCookies,
  connectionStatus,
  errorCode,
  interceptCallback,
  startConsent,
  useChromium,
} from './browser-session.ts'

// The cookies of authorization requests and sessions, in a real browser.
describe.skipIf(noChromium)(chromiumTitle, () => {
  const { newContext, signIn } = useChromium()

  it('C1: a sibling host cannot replace the cookie, although it knows its name', async () => {
    const { site, context, page } = await signIn()
    await startConsent(site, page)
    const [{ name, value } = { name: '', value: '' }] = await bindingCookies(context, site)
    expect(name).toMatch(/^__Host-zro-/)
    const unprefixedName = name.replace('__Host-', '')
    const setCookies = [
      `${name}=evil; Domain=app.test; Path=/; Secure`,
      `${name}=evil; Domain=app.test; Path=/zoho/callback; Secure`,
      `${unprefixedName}=evil; Domain=app.test; Path=/zoho/callback; Secure`,
      `=${name}=evil; Domain=app.test; Path=/; Secure`,
      `\u2000${name}=evil; Domain=app.test; Path=/; Secure`,
      `__HOST-${unprefixedName}=evil; Domain=app.test; Path=/; Secure`,
    ]
    const evil = await context.newPage()
    // A header value is a string of bytes, so the space U+2000 is sent as its UTF-8 bytes.
    const asBytes = (text: string) => Buffer.from(text).toString('latin1')
    await evil.goto(
      addPage(
        site,
        'evil.app.test',
        `<script>for (const line of ${JSON.stringify(setCookies)}) document.cookie = line</script>`,
        setCookies.map((line) => ['set-cookie', asBytes(line)]),
      ),
    )
    await accept(page)
    await page.waitForURL(`${site.origin}/`)
    const header = site.callbacks()[0]?.headers.get('cookie') ?? ''
    // The browser sends the sibling host's cookies, but only the app can set the prefixed name.
    expect(header).toContain(`${unprefixedName}=evil`)
    expect(header.split('; ').filter((pair) => pair.startsWith(`${name}=`))).toEqual([
      `${name}=${value}`,
    ])
    expect(await connectionStatus(site)).toBe('active')
  }, 60_000)

  it('C1, S2: a sibling host cannot set the cookie of an attacker’s request', async () => {
    const { site, context, page } = await signIn()
    const attackers = await newContext()
    const attackerPage = await attackers.newPage()
    await attackerPage.goto(`${site.origin}/login?as=ann`)
    await startConsent(site, attackerPage)
    const [planted] = await bindingCookies(attackers, site)
    const callback = await interceptCallback(site, attackerPage)
    await attackers.close()
    const attributes = 'Domain=app.test; Path=/; Secure; SameSite=Lax'
    const cookie = `${planted?.name}=${planted?.value}; ${attributes}`
    await page.goto(
      addPage(
        site,
        'evil.app.test',
        `<script>document.cookie = ${JSON.stringify(cookie)}</script><a ` +
          `href="${callback.replaceAll('&', '&amp;')}">go</a>`,
        [['set-cookie', cookie]],
      ),
    )
    await page.getByRole('link', { name: 'go' }).click()
    expect([
      await errorCode(page),
      site.emulator.calls().token,
      await connectionStatus(site),
    ]).toEqual(['callback-unbound', 0, 'none'])
    expect(await bindingCookies(context, site)).toEqual([])
  }, 60_000)

  it('C4: Zoho’s redirect includes a Lax cookie, but not a Strict one', async () => {
    const { site, context, page } = await signIn()
    await startConsent(site, page)
    expect(await bindingCookies(context, site)).toMatchObject([
      { httpOnly: true, secure: true, sameSite: 'Lax', path: '/', domain: 'app.test' },
    ])
    await accept(page)
    await page.waitForURL(`${site.origin}/`)
    expect([await connectionStatus(site), await bindingCookies(context, site)]).toEqual([
      'active',
      [],
    ])
    site.tamper.response = ({ headers }) => {
      const lines = headers.getSetCookie()
      headers.delete('set-cookie')
      for (const line of lines)
        headers.append('set-cookie', line.replace('SameSite=Lax', 'SameSite=Strict'))
    }
    await startConsent(site, page)
    expect(await bindingCookies(context, site)).toMatchObject([{ sameSite: 'Strict' }])
    await accept(page)
    expect(await errorCode(page)).toBe('callback-unbound')
  }, 60_000)

  it('C4, S3: the callback reloads once to get a Strict session cookie', async () => {
    const { site, page } = await signIn({}, '/login?as=ann&sameSite=Strict')
    await startConsent(site, page)
    await accept(page)
    await page.waitForURL(`${site.origin}/`)
    const responses = site
      .callbacks()
      .map(({ headers, status }) => [
        headers.get('sec-fetch-site'),
        /session=ann/.test(headers.get('cookie') ?? ''),
        status,
      ])
    expect(responses).toEqual([
      ['cross-site', false, 200],
      ['same-origin', true, 303],
    ])
    expect([await connectionStatus(site), site.emulator.calls().token]).toEqual(['active', 1])
  }, 60_000)

  it('C4, S3: with a Strict session cookie, the callback fails without the reload', async () => {
    const { site, page } = await signIn({}, '/login?as=ann&sameSite=Strict')
    site.tamper.request = (headers) => headers.delete('sec-fetch-site')
    await startConsent(site, page)
    await accept(page)
    expect([await errorCode(page), site.emulator.calls().token]).toEqual(['principal-missing', 0])
  }, 60_000)

  it('C4, S3: the callback reloads only once if nobody is signed in', async () => {
    const { site, context, page } = await signIn()
    await startConsent(site, page)
    await context.clearCookies({ name: 'session' })
    await accept(page)
    await page.locator('code').waitFor()
    expect([
      await errorCode(page),
      site.callbacks().map(({ status }) => status),
      site.emulator.calls().token,
    ]).toEqual(['principal-missing', [200, 401], 0])
  }, 60_000)

  it('S3: another user who signs in to the same browser does not get the consent', async () => {
    const { site, context, page } = await signIn()
    await startConsent(site, page)
    const second = await context.newPage()
    await second.goto(`${site.origin}/login?as=bob`)
    await accept(page)
    await page.locator('code').waitFor()
    expect([
      await errorCode(page),
      site.emulator.calls().token,
      await connectionStatus(site),
    ]).toEqual(['principal-mismatch', 0, 'none'])
  }, 60_000)

  it('S12: five tabs finish in reverse order, and a sixth replaces only the first', async () => {
    const { site, context, page } = await signIn()
    const tabs = [page]
    while (tabs.length < 5) tabs.push(await context.newPage())
    for (const tab of tabs) await startConsent(site, tab)
    const names = (await bindingCookies(context, site)).map(({ name }) => name)
    expect(names.length).toBe(5)
    const sixth = await context.newPage()
    await startConsent(site, sixth)
    expect((await bindingCookies(context, site)).length).toBe(5)
    for (const tab of [sixth, ...tabs.toReversed()]) {
      await accept(tab)
      if (tab === page) expect(await errorCode(tab)).toBe('callback-unbound')
      else await tab.waitForURL(`${site.origin}/`)
    }
    expect([await bindingCookies(context, site), site.emulator.calls().token]).toEqual([[], 5])
  }, 60_000)

  it('S2, S3: a single-page app starts with POST, and the cookie identifies its user', async () => {
    const { site, context, page } = await signIn({ callbackIdentity: 'cookie' }, '/')
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
    expect((await bindingCookies(context, site)).length).toBe(1)
    await accept(page)
    await page.waitForURL(`${site.origin}/home`)
    expect(await site.zoho.connection('acme').status()).toMatchObject({
      status: 'active',
      principal: 'ann',
    })
  }, 60_000)
})
