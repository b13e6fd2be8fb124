import { serve } from '@hono/node-server'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { Hono, type MiddlewareHandler } from 'hono'
import { logger } from 'hono/logger'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { zohoRecruit } from '../src/index.ts'

/**
 * Runs consents, refused callbacks and a disconnect in an app with this logger. Returns the output
 * of the process, and the secrets that the output contains.
 */
const captureOutput = async (createLogger: () => MiddlewareHandler) => {
  const lines: string[] = []
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      lines.push(String(chunk))
      return true
    })
    onTestFinished(() => spy.mockRestore())
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    const spy = vi
      .spyOn(console, method)
      .mockImplementation((...what) => void lines.push(what.map(String).join(' ')))
    onTestFinished(() => spy.mockRestore())
  }
  const app = new Hono().use(createLogger())
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const emulator = createEmulator({ redirectUris: [`${origin}/zoho/callback`] })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  const { id: clientId, secret: clientSecret } = emulator.client
  // Without onEvent, so that the library's default log output is searched, too.
  const zoho = zohoRecruit({
    clientId,
    clientSecret,
    redirectUri: `${origin}/zoho/callback`,
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: emulator.dataCenters,
    connectionFor: () => ({ id: 'acme', principal: 'alice' }),
  })
  app.route('/zoho', zoho.routes()).get('/', (c) => c.text('home'))

  const secrets: string[] = []
  // Each round opens a callback, unchanged or changed, and repeats it.
  for (const change of [
    (url: URL) => url,
    (url: URL) => {
      url.searchParams.set('accounts-server', 'https://evil.example')
      return url
    },
    (url: URL) => {
      url.searchParams.append('state', 'x')
      return url
    },
  ]) {
    const browser = createBrowser()
    const response = await browser.submit(
      await browser.open(`${origin}/zoho/connect`),
      { decision: 'approve' },
      { stay: true },
    )
    const url = new URL(response.headers.get('location') ?? '')
    secrets.push(
      url.searchParams.get('code') ?? '',
      url.searchParams.get('state') ?? '',
      [...(browser.jar.get(url.hostname)?.values() ?? [])][0] ?? '',
    )
    await browser.open(change(url).href)
    await browser.open(url.href)
  }
  secrets.push(clientSecret, await zoho.connection('acme').accessToken())
  await createBrowser().send(`${origin}/zoho/disconnect`, { method: 'POST' })
  expect(secrets.every((secret) => secret.length > 20)).toBe(true)
  const output = lines.join('\n')
  return {
    output,
    leakedSecrets: secrets.filter(
      (secret) => output.includes(secret) || output.includes(encodeURIComponent(secret)),
    ),
  }
}

it('B11: the library writes no code, state, cookie or token to any output', async () => {
  const { output, leakedSecrets } = await captureOutput(() => (_, next) => next())
  expect(leakedSecrets).toEqual([])
  // The developer still sees why a callback failed.
  expect(output).toContain('The data center is not configured.')
})

it('B11: Hono’s logger writes the callback’s query unless the app removes it', async () => {
  expect((await captureOutput(() => logger())).leakedSecrets.length).toBeGreaterThan(0)
  const { output, leakedSecrets } = await captureOutput(() =>
    logger((line) => console.log(line.replace(/\?\S*/, ''))),
  )
  expect(leakedSecrets).toEqual([])
  expect(output).toMatch(/<-- GET \/zoho\/callback\n/)
})
