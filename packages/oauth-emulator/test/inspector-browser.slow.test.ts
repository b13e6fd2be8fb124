import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hasChromium, inChromium, launchChromium } from '@zrecruit/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connect, refresh, start } from './support.ts'

describe.skipIf(!hasChromium)(`the inspector ${inChromium}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())

  /** Opens a new page. Errors in its console fail the test. */
  async function open(address: string, { script = true, width = 1280 } = {}): Promise<Page> {
    const context = await browser.newContext({
      javaScriptEnabled: script,
      viewport: { width, height: 900 },
    })
    const page = await context.newPage()
    const errors: string[] = []
    page.on(
      'console',
      (message) => void (message.type() === 'error' && errors.push(message.text())),
    )
    page.on('pageerror', (error) => void errors.push(error.message))
    page.on('dialog', (dialog) => void errors.push(dialog.message()))
    onTestFinished(async () => {
      await context.close()
      expect(errors).toEqual([])
    })
    await page.goto(address)
    return page
  }
  const inspectorOf = (emulator: Awaited<ReturnType<typeof start>>) =>
    `${emulator.dataCenters.us.accountsServer}/_emulator`

  it('updates itself and keeps selections, open details and the focus', async () => {
    const emulator = await start({ clientName: '<img src=x onerror=alert(1)>' })
    const page = await open(inspectorOf(emulator))
    await page.getByText('Nobody has connected yet').waitFor()
    await page.getByText('Show', { exact: true }).click()
    await page.getByLabel('What happens').selectOption('html')
    await page.getByLabel('How often').focus()

    emulator.addFault({ on: 'revoke', kind: 'error', error: '<img src=y onerror=alert(2)>' })
    await page.getByText('error <img src=y onerror=alert(2)>').waitFor()
    const { accessToken, refreshToken } = await connect(emulator, 'eu')
    await page.getByRole('heading', { name: 'Lena Vogel' }).waitFor()
    const bar = page.getByLabel(`Access token …${accessToken.slice(-6)}: time left`)
    const before = Number(await bar.getAttribute('value'))
    await bar.evaluate((node) => ((node as unknown as Record<string, unknown>)['kept'] = true))
    emulator.advanceClock(1800)
    await expect
      .poll(async () => before - Number(await bar.getAttribute('value')), { timeout: 30_000 })
      .toBeGreaterThanOrEqual(1800)
    expect(await bar.evaluate((node) => (node as unknown as Record<string, unknown>)['kept'])).toBe(
      true,
    )

    await refresh(emulator, refreshToken, 'eu')
    await page.locator('.entries li').first().getByText('Access token').waitFor()
    expect(await page.locator('details').getAttribute('open')).toBe('')
    expect(await page.getByText(emulator.client.secret).isVisible()).toBe(true)
    expect(await page.getByLabel('What happens').inputValue()).toBe('html')
    expect(
      await page
        .getByLabel('How often')
        .evaluate((node) => node === node.ownerDocument.activeElement),
    ).toBe(true)
    expect(await page.locator('img').count()).toBe(0)
  }, 60_000)

  it('runs its buttons without leaving the page', async () => {
    const emulator = await start()
    await connect(emulator)
    const page = await open(inspectorOf(emulator))
    await page.evaluate('window.stayed = true')
    await page.getByLabel('To which calls').selectOption('refresh')
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('Refresh · once more · applied 0 times').waitFor()
    expect(emulator.faults()).toMatchObject([
      { kind: 'drop-after', grantType: 'refresh_token', times: 1 },
    ])
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByText('No fault is active').waitFor()
    await page.getByRole('button', { name: '+1 h' }).click()
    await page.getByText('1 h ahead of this machine').waitFor()
    await page.getByText('There is no valid access token.').waitFor()
    await page.getByRole('button', { name: 'Revoke as the user' }).click()
    await page.getByText('Nobody is connected').waitFor()
    await page.getByRole('button', { name: 'Reset everything' }).click()
    await page.getByText('Nobody has connected yet').waitFor()
    expect(await page.evaluate('window.stayed')).toBe(true)
  }, 60_000)

  it('shows the reason for a refused form', async () => {
    const emulator = await start()
    await connect(emulator)
    const page = await open(inspectorOf(emulator))
    emulator.addFault({ on: 'api', kind: 'html' })
    await page.getByRole('button', { name: 'Switch off' }).waitFor()
    // The script sends the form, and then the browser sends it to show the response. The console
    // reports both.
    const complaints: string[] = []
    page.removeAllListeners('console')
    page.on(
      'console',
      (message) => void (message.type() === 'error' && complaints.push(message.text())),
    )
    // In one step, because the script of the page resets the fields every second.
    await page.locator('input[name=id]').evaluate((node) => {
      const field = node as unknown as { value: string; form: { requestSubmit(): void } }
      field.value = 'gone'
      field.form.requestSubmit()
    })
    await page.getByText('no fault "gone"').waitFor()
    expect(complaints.every((text) => text.includes('400'))).toBe(true)
  }, 60_000)

  it('works without scripts after a reload', async () => {
    const emulator = await start()
    await connect(emulator)
    const page = await open(inspectorOf(emulator), { script: false })
    await page.getByRole('button', { name: '+1 day' }).click()
    await page.waitForURL(`${inspectorOf(emulator)}/`)
    await page.getByText('1 d ahead of this machine').waitFor()
    await page.getByRole('button', { name: 'Switch on' }).click()
    await expect.poll(() => emulator.faults()).toHaveLength(1)
  }, 60_000)

  it('ignores forms of a page of another origin', async () => {
    const emulator = await start()
    await connect(emulator)
    const other = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(
        '<link rel="icon" href="data:,"><form method="post" ' +
          `action="${inspectorOf(emulator)}/"><input name="action" value="reset"><button>Win ` +
          'a prize</button></form>',
      )
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const page = await open(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`)
    page.removeAllListeners('console')
    await page.getByRole('button', { name: 'Win a prize' }).click()
    await page.getByText('Another website sent this request').waitFor()
    expect(emulator.tokens().refreshTokens).toHaveLength(1)
  }, 60_000)

  it('shows when the emulator does not respond, and recovers when it does', async () => {
    const emulator = await start()
    const page = await open(inspectorOf(emulator))
    page.removeAllListeners('console')
    const port = Number(new URL(emulator.dataCenters.us.accountsServer).port)
    await emulator.close()
    await page.getByText('The emulator does not respond').waitFor()
    const again = createServer((_, response) => response.end('["main",{},["It is back"]]')).listen(
      port,
      '127.0.0.1',
    )
    onTestFinished(() => void again.close())
    await page.getByText('It is back').waitFor()
    await page.getByText('The emulator does not respond').waitFor({ state: 'hidden' })
  }, 60_000)

  it.each([1280, 390])(
    'fits into a width of %i pixels',
    async (width) => {
      const emulator = await start()
      const { refreshToken } = await connect(emulator)
      for (let times = 0; times < 11; times += 1) await refresh(emulator, refreshToken)
      emulator.addFault({ on: 'token', kind: 'drop-after', times: 1 })
      const page = await open(inspectorOf(emulator), { width })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    },
    60_000,
  )
})
