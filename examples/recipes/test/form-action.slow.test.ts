import { serve } from '@hono/node-server'
import { createCertificate } from '@zrecruit-examples/shared-ui/test-support/chromium'
import { hasChromium, inChromium, launchChromium } from '@zrecruit/testing/chromium'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { app } from '../src/form-action.ts'

const consentUrl = 'https://accounts.zoho.eu/consent'

const narrowPolicies: Readonly<Record<string, string | undefined>> = {
  '/self': "form-action 'self'",
  '/us': "form-action 'self' https://accounts.zoho.com",
}

/** The app, and Zoho's accounts servers for `us` and `eu`: the first redirects to the second. */
const answer = async (request: Request): Promise<Response> => {
  const { hostname, pathname, origin } = new URL(request.url)
  if (hostname === 'accounts.zoho.com') return redirectTo(consentUrl)
  if (hostname === 'accounts.zoho.eu')
    return new Response('Consent', { headers: { 'content-type': 'text/html' } })
  if (pathname === '/zoho/connect') return redirectTo('https://accounts.zoho.com/oauth/v2/auth')
  const response = await app.request(new Request(`${origin}/import`))
  const policy = narrowPolicies[pathname]
  if (policy !== undefined) response.headers.set('content-security-policy', policy)
  return response
}
const redirectTo = (location: string) => new Response(null, { status: 303, headers: { location } })

describe.skipIf(!hasChromium)(`form-action, ${inChromium}`, () => {
  const server = serve({
    fetch: answer,
    port: 0,
    hostname: '127.0.0.1',
    createServer,
    serverOptions: createCertificate(),
  })
  let browser: Browser
  let origin: string
  beforeAll(async () => {
    if (server.address() === null) await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    origin = `https://app.test:${port}`
    const zohoHosts = ['accounts.zoho.com', 'accounts.zoho.eu']
    const rules = zohoHosts.map((host) => `MAP ${host}:443 127.0.0.1:${port}`)
    browser = await launchChromium([
      '--ignore-certificate-errors',
      `--host-resolver-rules=${['MAP app.test 127.0.0.1', ...rules].join(', ')}`,
    ])
  })
  afterAll(async () => {
    await browser?.close()
    server.close()
  })

  const click = async (path: string) => {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(origin + path)
    await page.getByRole('button').click()
    return { page, errors }
  }

  it('the policy of the recipe lets the form lead to Zoho, in all data centers', async () => {
    const { page, errors } = await click('/import')
    await page.waitForURL(consentUrl)
    expect(errors).toEqual([])
  })

  it.each(Object.entries(narrowPolicies))('the policy of %s blocks it: %s', async (path) => {
    const { page, errors } = await click(path)
    // The message names the app's own address, and not the one that the policy lacks.
    await expect
      .poll(() => errors.join())
      .toMatch(/Sending form data to 'https:\/\/app\.test:\d+\/zoho\/connect.*form-action/s)
    expect(page.url()).toBe(origin + path)
  })
})
