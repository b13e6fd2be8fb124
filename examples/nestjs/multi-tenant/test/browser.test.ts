import {
  inChromium,
  launchChromium,
  noChromium,
} from '@zrecruit-examples/hono-minimal/test/chromium'
import { mkdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { running } from './running.ts'

const { emulator, origin } = running()

it.skipIf(noChromium)(
  `a person signs in, connects, and finds the candidates, ${inChromium}`,
  async () => {
    const browser = await launchChromium()
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 760 } })
      const wrong: string[] = []
      page.on(
        'console',
        (message) => void (message.type() === 'error' && wrong.push(message.text())),
      )
      page.on('pageerror', (error) => void wrong.push(error.message))
      const folder = process.env['SCREENSHOTS']
      if (folder) mkdirSync(folder, { recursive: true })
      const shoot = async (name: string) =>
        void (folder && (await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })))

      await page.goto(`${origin()}/team`)
      await shoot('1-sign-in')
      await page.getByRole('button', { name: 'Mei Lin' }).click()
      // The gate takes over: nobody of this company has connected.
      await page.waitForURL(`${emulator.dataCenters.cn.accountsServer}/oauth/v2/auth?**`)
      await page.goto(origin())
      await page.getByText('Our Zoho account is in another data center').click()
      await shoot('2-not-connected')
      await page.getByRole('link', { name: 'Connect in China' }).click()
      await page.getByRole('button', { name: 'Accept' }).click()
      await page.waitForURL(`${origin()}/`)
      await page.getByText('Qingshan Talent').waitFor()
      await shoot('3-connected')
      await page.getByRole('link', { name: 'Candidates', exact: true }).click()
      await page.locator('tbody tr').nth(5).waitFor()
      await shoot('4-candidates')
      await page.setViewportSize({ width: 390, height: 760 })
      await shoot('5-candidates-narrow')
      await page.goto(origin())
      await shoot('6-connected-narrow')
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Dana Reyes' }).click()
      await page.getByText('Not connected', { exact: true }).waitFor()
      await page.goto(`${origin()}/nowhere`)
      await shoot('7-problem')
      expect(wrong.filter((text) => !text.includes('404'))).toEqual([])
    } finally {
      await browser.close()
    }
  },
  60_000,
)
