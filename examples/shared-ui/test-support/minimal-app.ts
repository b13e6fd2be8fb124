import { createEmulator } from '@zrecruit/oauth-emulator'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectErrors, chromiumTitle, launchChromium, noChromium } from './chromium.ts'
import { startExampleApp, type ExampleApp } from './example-app.ts'

/** Tests of the minimal app in a browser. `command` starts the app: see `startExampleApp`. */
export const describeMinimalApp = (command: readonly string[]): void =>
  void describe.skipIf(noChromium)(chromiumTitle, () => {
    const emulator = createEmulator()
    let app: ExampleApp
    let browser: Browser
    let context: BrowserContext

    beforeAll(async () => {
      await emulator.listen({ port: 0 })
      app = await startExampleApp(emulator, command)
      browser = await launchChromium()
      context = await browser.newContext()
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await app?.stop()
      await emulator.close()
    })

    const bindingCookies = async () =>
      (await context.cookies(app.origin)).filter((cookie) => /^zro-(?!last)/.test(cookie.name))

    it('connects, stays connected after a restart, refreshes and disconnects', async () => {
      const page = await context.newPage()
      const errors = collectErrors(page)
      await page.goto(app.origin)
      await page.getByRole('link', { name: 'Connect Zoho Recruit' }).click()

      await page.waitForURL(`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth?**`)
      expect(await bindingCookies()).toMatchObject([{ httpOnly: true, sameSite: 'Lax', path: '/' }])
      await page.getByText('Lena Vogel').click()
      await page.getByRole('button', { name: 'Accept' }).click()

      await page.waitForURL(`${app.origin}/`)
      expect(await bindingCookies()).toEqual([])
      await page.getByText('Connected', { exact: true }).waitFor()
      await page.getByText('eu', { exact: true }).waitFor()
      const rows = page.locator('tbody tr')
      await expect.poll(() => rows.count()).toBe(10)

      await app.restart()
      await page.reload()
      await expect.poll(() => rows.count()).toBe(10)
      expect(emulator.calls().token).toBe(1)

      await page.getByRole('button', { name: 'Refresh now' }).click()
      await expect.poll(() => emulator.calls().token).toBe(2)
      await page.getByText('Connected', { exact: true }).waitFor()

      await page.getByRole('button', { name: 'Disconnect' }).click()
      await page.getByText('Disconnected', { exact: true }).waitFor()
      expect(emulator.tokens().refreshTokens).toEqual([])
      expect(errors).toEqual([])
      await page.close()
    }, 60_000)

    it('shows an error if the user refuses, and lets them start again', async () => {
      const page = await context.newPage()
      await page.goto(app.origin)
      await page.getByRole('link', { name: 'Connect Zoho Recruit' }).click()
      await page.getByRole('button', { name: 'Reject' }).click()
      await page.getByText('consent-refused').waitFor()
      expect(await bindingCookies()).toEqual([])
      await page.getByRole('link', { name: 'Start again' }).click()
      await page.waitForURL('**/oauth/v2/auth?**')
      await page.close()
    }, 60_000)
  })
