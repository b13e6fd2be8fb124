import {
  collectErrors,
  chromiumTitle,
  launchChromium,
  noChromium,
  screenshotFolder,
} from '@zrecruit-examples/shared-ui/test-support/chromium'
import { expect, it } from 'vitest'
import { startApp } from './app.ts'

const { emulator, origin } = startApp()

it.skipIf(noChromium)(
  `a user signs in, connects and sees the candidates, ${chromiumTitle}`,
  async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 760 } })
      const errors = collectErrors(page)
      const folder = screenshotFolder()
      const takeScreenshot = async (name: string) => {
        if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
      }

      await page.goto(`${origin()}/team`)
      await takeScreenshot('1-sign-in')
      await page.getByRole('button', { name: 'Mei Lin' }).click()
      // No user of this company has connected, so the guard starts the consent.
      await page.waitForURL(`${emulator.dataCenters.cn.accountsServer}/oauth/v2/auth?**`)
      await page.goto(origin())
      await page.getByText('Our Zoho account is in another data center').click()
      await takeScreenshot('2-not-connected')
      await page.getByRole('link', { name: 'Connect in China' }).click()
      await page.getByRole('button', { name: 'Accept' }).click()
      await page.waitForURL(`${origin()}/`)
      await page.getByText('Qingshan Talent').waitFor()
      await takeScreenshot('3-connected')
      await page.getByRole('link', { name: 'Candidates', exact: true }).click()
      await page.locator('tbody tr').nth(5).waitFor()
      await takeScreenshot('4-candidates')
      await page.setViewportSize({ width: 390, height: 760 })
      await takeScreenshot('5-candidates-narrow')
      await page.goto(origin())
      await takeScreenshot('6-connected-narrow')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Dana Reyes' }).click()
      await page.getByText('Not connected', { exact: true }).waitFor()
      await page.goto(`${origin()}/nowhere`)
      await takeScreenshot('7-problem')
      expect(errors.filter((text) => !text.includes('404'))).toEqual([])
    } finally {
      await browser.close()
    }
  },
  60_000,
)
