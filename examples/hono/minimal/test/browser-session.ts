import { launchChromium } from '@zrecruit-examples/shared-ui/test-support/chromium'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { createSecureSite, type SecureSite } from './secure-site.ts'

/** Starts Chromium before the tests of a suite, and closes it after them. */
export const useChromium = () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  const newContext = () => browser.newContext({ ignoreHTTPSErrors: true })

  /** Creates a site, a new browser profile, and a page on which a user is signed in. */
  const signIn = async (
    options?: Parameters<typeof createSecureSite>[0],
    path = '/login?as=ann',
  ) => {
    const site = await createSecureSite(options)
    const context = await newContext()
    onTestFinished(() => context.close())
    const page = await context.newPage()
    await page.goto(site.origin + path)
    return { site, context, page }
  }
  return { newContext, signIn }
}

/** Opens Zoho's consent page at 127.0.0.1, which is another site. */
export const startConsent = async ({ origin }: SecureSite, page: Page): Promise<void> => {
  await page.goto(origin)
  await page.getByRole('link', { name: 'Connect' }).click()
  await page.getByRole('button', { name: 'Accept' }).waitFor()
}

export const accept = (page: Page) => page.getByRole('button', { name: 'Accept' }).click()

/** Accepts, and returns the address of the callback with its unused code. */
export const interceptCallback = async (
  { intercepted }: SecureSite,
  page: Page,
): Promise<string> => {
  const callbacks: string[] = []
  intercepted.callbacks = callbacks
  await accept(page)
  await expect.poll(() => callbacks.length).toBe(1)
  intercepted.callbacks = undefined
  expect(callbacks).toEqual([expect.stringContaining('code=')])
  return callbacks[0] ?? ''
}

/** The cookies that bind authorization requests to this browser. */
export const bindingCookies = async (context: BrowserContext, { origin }: SecureSite) =>
  (await context.cookies(origin)).filter(({ name }) => /zro-(?!last)/.test(name))

export const connectionStatus = async ({ zoho }: SecureSite) =>
  (await zoho.connection('acme').status()).status

/** The error code that a page of the library displays. */
export const errorCode = (page: Page) => page.locator('code').innerText()

/** Adds a page of another site, with its response headers. Returns its address. */
export const addPage = (
  { pages, originOf }: SecureSite,
  host: string,
  html: string,
  headers: [string, string][] = [],
): string => {
  pages.set(`${host}/`, { html, headers })
  return originOf(host)
}
