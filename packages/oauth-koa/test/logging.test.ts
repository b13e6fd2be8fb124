import { createBrowser } from '@zrecruit/oauth-emulator'
import Koa from 'koa'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startApp } from './app.ts'
import { koaVersions } from './koa-versions.ts'

/**
 * Runs consents, refused callbacks and a disconnect in an app with this logger. Returns the output
 * of the process, and the secrets that the output contains.
 */
const captureOutput = async (koa: Koa, logger: Koa.Middleware) => {
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
  // With Koa's own error listener and without onEvent, so that the default output is searched, too.
  const app = await startApp(koa, {
    oauth: { onEvent: undefined },
    addMiddleware: (ownApp, zoho) =>
      ownApp.removeAllListeners('error').use(logger).use(zoho.errorHandler()).use(zoho.routes()),
  })
  const secrets: string[] = []
  // Each round opens a callback, unchanged or changed, and then the original one.
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
    (url: URL) => {
      url.pathname = '/else/callback'
      return url
    },
  ]) {
    const browser = createBrowser()
    const response = await browser.submit(
      await browser.open(`${app.origin}/zoho/connect`),
      { decision: 'approve' },
      { stay: true },
    )
    const url = new URL(response.headers.get('location') ?? '')
    secrets.push(
      url.searchParams.get('code') ?? '',
      url.searchParams.get('state') ?? '',
      [...(browser.jar.get(url.hostname)?.values() ?? [])][0] ?? '',
    )
    await browser.open(change(new URL(url)).href)
    await browser.open(url.href)
  }
  secrets.push(app.emulator.client.secret, await app.zoho.connection('acme').accessToken())
  await createBrowser().send(`${app.origin}/zoho/disconnect`, { method: 'POST' })
  expect(secrets.every((secret) => secret.length > 20)).toBe(true)
  const output = lines.join('\n')
  return {
    output,
    leakedSecrets: secrets.filter(
      (secret) => output.includes(secret) || output.includes(encodeURIComponent(secret)),
    ),
  }
}

it.each(koaVersions)(
  'B11: the library writes no code, state, cookie or token to any output, on %s',
  async (_, Framework) => {
    const { output, leakedSecrets } = await captureOutput(new Framework(), (_ctx, next) => next())
    expect(leakedSecrets).toEqual([])
    // The developer still sees why a callback failed.
    expect(output).toContain('The data center is not configured.')
  },
)

it('B11: a logger of URLs writes the callback’s query, a logger of paths does not', async () => {
  const createLogger =
    (address: (ctx: Koa.Context) => string): Koa.Middleware =>
    (ctx, next) => {
      console.log(ctx.method, address(ctx))
      return next()
    }
  expect(
    (
      await captureOutput(
        new Koa(),
        createLogger((ctx) => ctx.url),
      )
    ).leakedSecrets.length,
  ).toBeGreaterThan(0)
  const { output, leakedSecrets } = await captureOutput(
    new Koa(),
    createLogger((ctx) => ctx.path),
  )
  expect([leakedSecrets, output.includes('GET /zoho/callback')]).toEqual([[], true])
})
