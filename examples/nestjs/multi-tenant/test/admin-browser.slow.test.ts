import {
  collectErrors,
  chromiumTitle,
  launchChromium,
  noChromium,
  screenshotFolder,
} from '@zrecruit-examples/shared-ui/test-support/chromium'
import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { createEveryStatus } from './connections.ts'
import { startApp } from './app.ts'

const key = randomBytes(32).toString('base64')
const lostKey = randomBytes(32).toString('base64')
const { emulator, origin, database } = startApp({ ZOHO_ENCRYPTION_KEY: key })

it.skipIf(noChromium)(
  `the staff manages connections by mouse, by keyboard and in a narrow window, ${chromiumTitle}`,
  async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
      const errors = collectErrors(page)
      page.on('dialog', (dialog) => {
        errors.push(dialog.message())
        void dialog.dismiss()
      })
      const folder = screenshotFolder()
      const takeScreenshot = async (name: string) => {
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 800 })
          expect([
            name,
            width,
            await page.evaluate('document.documentElement.scrollWidth'),
          ]).toEqual([name, width, width])
          if (folder)
            await page.screenshot({ path: `${folder}/admin-${name}-${width}.png`, fullPage: true })
        }
        await page.setViewportSize({ width: 1280, height: 800 })
      }

      await page.goto(`${origin()}/admin`)
      await takeScreenshot('sign-in')
      await page.getByRole('button', { name: 'Robin Hale' }).click()
      await page.waitForURL(`${origin()}/admin`)
      await page.getByText('There are no connections yet.').waitFor()
      await takeScreenshot('empty')

      await createEveryStatus(database(), emulator, key, lostKey)
      await page.reload()
      await takeScreenshot('full')
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 800 })
        // Screen readers get a table in both layouts.
        expect([
          await page.getByRole('columnheader').count(),
          await page.getByRole('rowheader').count(),
          await page.getByRole('table', { name: 'Connections' }).count(),
        ]).toEqual([5, 12, 1])
        expect(await page.getByRole('cell', { name: 'Disconnecting' }).count()).toBe(1)
      }
      expect(await page.locator('img, script').count()).toBe(0)
      expect(await page.getByText('<img src=x onerror=alert(1)>').count()).toBe(1)

      await page.setViewportSize({ width: 1280, height: 800 })
      await page.getByLabel('Tenant').selectOption('Bluebonnet Staffing')
      await page.getByLabel('With pending work').check()
      await page.getByRole('button', { name: 'Show' }).click()
      await expect.poll(() => page.getByRole('rowheader').count()).toBe(1)
      await takeScreenshot('pending')
      await page.getByRole('link', { name: 'Bluebonnet Staffing' }).click()
      await expect.poll(() => page.getByRole('rowheader').count()).toBe(3)

      await page.getByText('Disconnect Bluebonnet Staffing …').focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.innerText')).toBe(
        'Disconnect Bluebonnet Staffing now',
      )
      await takeScreenshot('confirm')
      await page.keyboard.press('Enter')
      const outcome = page.getByRole('heading', { name: 'Disconnected: 2 of 3 connections' })
      await outcome.waitFor()
      expect(await outcome.evaluate((node) => node === node.ownerDocument.activeElement)).toBe(true)
      expect(page.url()).toBe(`${origin()}/admin?tenant=bluebonnet`)
      await takeScreenshot('partial')

      await page.goto(`${origin()}/admin?tenant=lotus`)
      await page.getByText('Forget it …').first().click()
      await page.getByRole('button', { name: 'Forget lotus-chengdu now' }).click()
      await page.getByRole('heading', { name: 'The record was removed' }).waitFor()
      await takeScreenshot('forgotten')
      expect(errors).toEqual([])
    } finally {
      await browser.close()
    }
  },
  60_000,
)
