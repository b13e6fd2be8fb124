import { serve } from '@hono/node-server'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { hasChromium, inChromium, launchChromium } from '@zrecruit/testing/chromium'
import { freePort } from '@zrecruit/testing/ports'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const code = readFileSync(new URL('../src/single-page.ts', import.meta.url), 'utf8')
const html = (api: string) => `<!doctype html><title>App</title><pre></pre><script type="module">
${stripTypeScriptTypes(code)}
const show = (text) => (document.querySelector('pre').textContent = text)
loadCandidates({ api: '${api}', token: 'token-of-alice' }).then(
  (candidates) => show(candidates.length + ' candidates'),
  (error) => show(String(error)),
)
</script>`

describe.skipIf(!hasChromium)(`a single-page app, ${inChromium}`, () => {
  const emulator = createEmulator()
  let browser: Browser
  let page: string
  const servers: { close(): void }[] = []

  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    const [apiPort, pagePort] = [await freePort(), await freePort()]
    const api = `http://localhost:${apiPort}`
    page = `http://localhost:${pagePort}`
    emulator.addRedirectUris([`${api}/zoho/callback`])
    const environment = {
      API_ORIGIN: api,
      PAGE_ORIGIN: page,
      ZOHO_CLIENT_ID: emulator.client.id,
      ZOHO_CLIENT_SECRET: emulator.client.secret,
      ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      ZOHO_DATABASE: ':memory:',
      ZOHO_DATA_CENTERS: JSON.stringify(emulator.dataCenters),
    }
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
    const { app } = await import('../src/single-page-api.ts')
    const pageServer = () => new Response(html(api), { headers: { 'content-type': 'text/html' } })
    for (const [fetch, port] of [
      [app.fetch, apiPort],
      [pageServer, pagePort],
    ] as const)
      servers.push(serve({ fetch, port, hostname: '127.0.0.1' }))
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    for (const server of servers) server.close()
    await emulator.close()
    vi.unstubAllEnvs()
  })

  it('connects from a page on another port, and comes back to the page', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${page}/candidates?tab=new`)
    await tab.getByRole('button', { name: 'Accept' }).click()
    await tab.getByText(/^\d+ candidates$/).waitFor()
    expect(tab.url()).toBe(`${page}/candidates?tab=new`)
  })
})
