import { serve } from '@hono/node-server'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { hasChromium, inChromium, launchChromium } from '@zrecruit/testing/chromium'
import { freePort } from '@zrecruit/testing/ports'
import { Hono } from 'hono'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { zohoRecruit, type RecruitOAuthOptions } from '../src/index.ts'

// Pages at other origins than the API, in a real browser. `localhost` at another port is the same
// site as the API, and `127.0.0.1` is another site.

type Browser = Awaited<ReturnType<typeof launchChromium>>

/** The script of the page: it starts with POST /connect, as the READMEs show it. */
const pageOf = (api: string): string => `<!doctype html><title>Product</title>
<button>Connect</button><pre></pre><script>
document.querySelector('button').onclick = async () => {
  const query = new URLSearchParams({ returnTo: location.origin + '/done' })
  const response = await fetch('${api}/zoho/connect?' + query, {
    method: 'POST',
    credentials: 'include',
    headers: { authorization: 'Bearer ann' },
  })
  const body = await response.json()
  if (response.ok) location.href = body.url
  else document.querySelector('pre').textContent = body.code
}
</script>`

describe.skipIf(!hasChromium)(`pages at other origins, ${inChromium}`, () => {
  const emulator = createEmulator()
  const browsers: Browser[] = []
  const servers: { close(): void }[] = []
  let api: string
  let sameSite: string
  let otherSite: string

  const listen = (port: number, fetch: (request: Request) => Response | Promise<Response>) =>
    servers.push(serve({ fetch, port, hostname: '127.0.0.1' }))

  /** Starts an API, and returns its client. The session is a header that only scripts send. */
  const startApi = (options: Partial<RecruitOAuthOptions>) => {
    const zoho = zohoRecruit({
      clientId: emulator.client.id,
      clientSecret: emulator.client.secret,
      redirectUri: `${api}/zoho/callback`,
      scopes: ['ZohoRecruit.modules.READ'],
      dataCenters: emulator.dataCenters,
      store: memoryStore(),
      encryptionKeys: [randomBytes(32).toString('base64')],
      onEvent: () => {},
      trustedOrigins: [sameSite, otherSite],
      ...options,
      connectionFor: (c) => {
        const user = c.req.header('authorization')?.replace('Bearer ', '')
        return user === undefined
          ? undefined
          : { id: 'acme', principal: user, displayName: 'Acme GmbH' }
      },
    })
    const app = new Hono().route('/zoho', zoho.routes())
    app.get('/', (c) =>
      c.html('<!doctype html><img src="/zoho/connect"><iframe src="/zoho/connect"></iframe>'),
    )
    const server = serve({
      fetch: app.fetch,
      port: Number(new URL(api).port),
      hostname: '127.0.0.1',
    })
    return { zoho, close: () => new Promise((resolve) => server.close(resolve)) }
  }

  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    const [apiPort, pagePort] = [await freePort(), await freePort()]
    api = `http://localhost:${apiPort}`
    sameSite = `http://localhost:${pagePort}`
    otherSite = `http://127.0.0.1:${pagePort}`
    emulator.addRedirectUris([`${api}/zoho/callback`])
    const html = { headers: { 'content-type': 'text/html' } }
    listen(pagePort, () => new Response(pageOf(api), html))
    const thirdPartyCookiesBlocked = ['--test-third-party-cookie-phaseout']
    browsers.push(await launchChromium(), await launchChromium(thirdPartyCookiesBlocked))
  })
  afterAll(async () => {
    for (const browser of browsers) await browser.close()
    for (const server of servers) server.close()
    await emulator.close()
  })

  const settings = [
    ['with third-party cookies', 0],
    ['with third-party cookies blocked', 1],
  ] as const

  it.each(settings)(
    '%s, a page of the same site connects with a cookie',
    async (_, browserIndex) => {
      const { zoho, close } = startApi({ callbackIdentity: 'cookie' })
      const page = await (browsers[browserIndex] as Browser).newPage()
      await page.goto(sameSite)
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByRole('button', { name: 'Accept' }).click()
      await page.waitForURL(`${sameSite}/done`)
      expect((await zoho.connection('acme').status()).status).toBe('active')
      await page.close()
      await close()
    },
  )

  it.each(settings)(
    '%s, a page of another site connects with a ticket',
    async (_, browserIndex) => {
      const { zoho, close } = startApi({ connectTickets: true })
      const page = await (browsers[browserIndex] as Browser).newPage()
      await page.goto(otherSite)
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByText('Acme GmbH').waitFor()
      expect(page.url()).toContain(`${api}/zoho/connect?ticket=`)
      await page.getByRole('button', { name: 'Continue to Zoho' }).click()
      await page.getByRole('button', { name: 'Accept' }).click()
      await page.waitForURL(`${otherSite}/done`)
      expect((await zoho.connection('acme').status()).status).toBe('active')
      await page.close()
      await close()
    },
  )

  it.each(settings)(
    '%s, a page of another site is refused without tickets, before the consent',
    async (_, browserIndex) => {
      const { close } = startApi({})
      const page = await (browsers[browserIndex] as Browser).newPage()
      await page.goto(otherSite)
      await page.getByRole('button', { name: 'Connect' }).click()
      await page.getByText('cross-site-request').waitFor()
      await page.close()
      await close()
    },
  )

  it('S13: the link of a ticket starts nothing in the browser of another person', async () => {
    const { zoho, close } = startApi({ connectTickets: true })
    const response = await fetch(`${api}/zoho/connect`, {
      method: 'POST',
      headers: { authorization: 'Bearer mallory' },
    })
    const { url } = (await response.json()) as { url: string }
    const context = await (browsers[0] as Browser).newContext()
    const page = await context.newPage()
    // The attacker's page opens the link, and sends the form of the next page by itself.
    await page.goto(otherSite)
    await page.evaluate(`location.href = ${JSON.stringify(url)}`)
    await page.getByText('If someone sent you the link, close this page.').waitFor()
    expect(await context.cookies()).toEqual([])
    await page.goto(otherSite)
    await page.evaluate(`(() => {
      const form = document.createElement('form')
      form.method = 'post'
      form.action = ${JSON.stringify(url)}
      document.body.append(form)
      form.submit()
    })()`)
    await page.getByText('cross-site-request').waitFor()
    expect([await context.cookies(), (await zoho.connection('acme').status()).status]).toEqual([
      [],
      'none',
    ])
    await context.close()
    await close()
  })

  it('S14: images and frames of the app start nothing', async () => {
    const { close } = startApi({})
    const context = await (browsers[0] as Browser).newContext({
      extraHTTPHeaders: { authorization: 'Bearer ann' },
    })
    const page = await context.newPage()
    const statuses: number[] = []
    page.on('response', (response) => {
      if (response.url().includes('/zoho/connect')) statuses.push(response.status())
    })
    await page.goto(`${api}/`, { waitUntil: 'networkidle' })
    expect([statuses, await context.cookies()]).toEqual([[400, 400], []])
    await context.close()
    await close()
  })
})
