import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hasChromium, inChromium, launchChromium } from '@zrecruit/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { authorizationUrl, connect, start, readState } from './support.ts'
import { ways, helpers } from './website-requests.ts'

type Emulated = Awaited<ReturnType<typeof start>>

/** Records the responses on the server, because a browser hides them from the page. */
function watchResponses(): { status: number; url: string; host: string }[] {
  const responses: { status: number; url: string; host: string }[] = []
  const record = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    responses.push({
      status: response.statusCode,
      url: request.url ?? '',
      host: request.headers.host ?? '',
    })
  }
  subscribe('http.server.response.finish', record)
  onTestFinished(() => void unsubscribe('http.server.response.finish', record))
  return responses
}

describe.skipIf(!hasChromium)(`websites ${inChromium}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(['--host-resolver-rules=MAP *.test 127.0.0.1'])
  }, 120_000)
  afterAll(() => browser?.close())

  async function newPage(): Promise<Page> {
    const context = await browser.newContext()
    onTestFinished(() => context.close())
    return context.newPage()
  }

  /** Opens a page of another origin. The browser sends violations of its policy to `reports`. */
  async function hostilePage(host: string, { html = '', reports = '' } = {}): Promise<Page> {
    const site = createServer((_, response) => {
      response.setHeader('content-type', 'text/html')
      if (reports !== '')
        response.setHeader('content-security-policy', `img-src 'none'; report-uri ${reports}`)
      response.end(`<!doctype html><link rel="icon" href="data:,"><body>${html}`)
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void site.close())
    await once(site, 'listening')
    const page = await newPage()
    await page.goto(`http://${host}:${(site.address() as AddressInfo).port}/`)
    return page
  }

  /** The addresses of all servers, with the body that a form would send. */
  const targets = (emulator: Emulated, refreshToken: string): [address: string, body: string][] => {
    const { accountsServer, recruitApi, apiDomain } = emulator.dataCenters.us
    const client = `client_id=${emulator.client.id}&client_secret=${emulator.client.secret}`
    return [
      [`${accountsServer}/_emulator/settings`, '{"codeLifeSeconds":480}'],
      [`${accountsServer}/_emulator/clients`, '{"redirectUris":["https://evil.example/"]}'],
      [`${accountsServer}/_emulator/faults`, '{"on":"token","kind":"silence"}'],
      [`${accountsServer}/_emulator/reset`, ''],
      [`${accountsServer}/_emulator/access-tokens`, ''],
      [`${accountsServer}/_emulator/`, 'action=reset'],
      [`${accountsServer}/_emulator/view`, ''],
      [authorizationUrl(emulator), 'decision=approve&account=us'],
      [
        `${accountsServer}/oauth/v2/token`,
        `${client}&grant_type=refresh_token&refresh_token=${refreshToken}`,
      ],
      [`${accountsServer}/oauth/v2/token/revoke`, `token=${refreshToken}`],
      [`${recruitApi}/Candidates`, 'x=1'],
      [apiDomain, 'x=1'],
    ]
  }

  // A page of another site, and a page of the developer's own app on another port.
  it.each(['evil.test', '127.0.0.1'])(
    'G5: a page on %s cannot change anything',
    async (host) => {
      const emulator = await start()
      const { refreshToken } = await connect(emulator)
      emulator.addFault({ on: 'token', kind: 'html', times: 1 })
      emulator.addFault({ on: 'authorize', kind: 'html', times: 1 })
      const before = readState(emulator)
      const page = await hostilePage(host)
      const responses = watchResponses()
      for (const [address, body] of targets(emulator, refreshToken)) {
        responses.length = 0
        const attempts = Object.entries(ways).map(([way, script]) => {
          const separator = address.includes('?') ? '&' : '?'
          const tagged = `${address}${separator}way=${encodeURIComponent(way)}`
          return `(async () => { const address = ${JSON.stringify(tagged)}; ${script} })()`
        })
        await page.evaluate(`(async () => {
        const text = ${JSON.stringify(body)}
        const body = new Blob([text], { type: 'text/plain' })
        ${helpers}
        await Promise.all([${attempts.join(', ')}])
      })()`)
        const arrived = () =>
          new Set(
            responses.map(({ url }) => new URL(url, 'http://x').searchParams.get('way') ?? ''),
          )
        await expect
          .poll(() => Object.keys(ways).filter((way) => !arrived().has(way)), { timeout: 30_000 })
          .toEqual([])
        expect(
          responses.filter(({ status, url }) => status !== 403 && url.includes('way=')),
        ).toEqual([])
      }
      expect(readState(emulator)).toEqual(before)
    },
    240_000,
  )

  it('G5: a report of a content security policy cannot change anything', async () => {
    const emulator = await start()
    const responses = watchResponses()
    const before = readState(emulator)
    for (const path of ['/oauth/v2/token', '/_emulator/reset']) {
      const reports = `${emulator.dataCenters.us.accountsServer}${path}`
      const page = await hostilePage('evil.test', { reports })
      await page.evaluate(
        `document.body.append(Object.assign(new Image(), { src: 'http://evil.test/x' }))`,
      )
      const statuses = () =>
        new Set(responses.filter(({ url }) => url === path).map(({ status }) => status))
      await expect.poll(statuses, { timeout: 30_000 }).toEqual(new Set([403]))
    }
    expect(readState(emulator)).toEqual(before)
  }, 120_000)

  it('G5: a form of another site cannot give consent; the consent page can', async () => {
    const emulator = await start()
    const address = authorizationUrl(emulator).replaceAll('&', '&amp;')
    const html =
      `<form method="post" action="${address}"><input name="decision" ` +
      `value="approve"><button>Win a prize</button></form><a href="${address}">Connect</a>`
    const page = await hostilePage('evil.test', { html })
    await page.getByRole('button', { name: 'Win a prize' }).click()
    await page.getByText('Another website sent this request').waitFor()
    expect(emulator.journal().filter(({ event }) => event === 'issued')).toEqual([])
    await page.goBack()
    await page.getByRole('link', { name: 'Connect' }).click()
    const returning = page.waitForRequest((request) =>
      request.url().startsWith('http://localhost:3000/'),
    )
    await page.getByRole('button', { name: 'Accept' }).click()
    expect((await returning).url()).toMatch(/[?&]code=1000\./)
  }, 120_000)

  it('G5: no page can be framed, not even by a page of the emulator', async () => {
    const emulator = await start()
    const { accountsServer } = emulator.dataCenters.us
    const page = await newPage()
    await page.goto(`${accountsServer}/oauth/serverinfo`)
    for (const address of [
      authorizationUrl(emulator),
      `${accountsServer}/_emulator/`,
      `${accountsServer}/_emulator/tokens`,
    ]) {
      const frame = await page.evaluateHandle(`new Promise((done) => {
        const frame = document.createElement('iframe')
        frame.src = ${JSON.stringify(address)}
        frame.onload = () => done(frame)
        document.body.append(frame)
      })`)
      // Chromium shows its own error page instead, which no page may read.
      expect(
        await page.evaluate(
          (element) => (element as { contentDocument: unknown }).contentDocument,
          frame,
        ),
      ).toBe(null)
    }
  }, 120_000)

  it('G5: DNS rebinding can neither read nor change anything', async () => {
    const emulator = await start()
    const before = readState(emulator)
    const page = await newPage()
    for (const host of ['evil.test', 'localhost.evil.test']) {
      for (const own of Object.values(emulator.dataCenters.us)) {
        const rebound = new URL(own.replace('127.0.0.1', host))
        const response = await page.goto(`${rebound.origin}/_emulator/view`)
        expect([response?.status(), await page.textContent('body')]).toEqual([
          421,
          expect.stringContaining(`does not serve the host "${rebound.host}"`),
        ])
        const read = `
          const requests = [['GET', 'view'], ['GET', 'settings'], ['POST', 'reset'], ['POST', '']]
          Promise.all(requests.map(async ([method, path]) => {
            const response = await fetch('/_emulator/' + path, { method })
            return [response.status, await response.text()]
          }))`
        const responses = await page.evaluate<[number, string][]>(read)
        for (const [status, text] of responses) {
          expect(status).toBe(421)
          expect(text).not.toContain(emulator.client.secret)
        }
      }
    }
    expect(readState(emulator)).toEqual(before)
  }, 120_000)

  it('G5: responses that are loaded as scripts reveal nothing', async () => {
    const emulator = await start()
    await connect(emulator)
    const page = await hostilePage('localhost')
    for (const path of ['view', 'tokens', 'settings', 'snapshot', 'journal']) {
      const address = `${emulator.dataCenters.us.accountsServer}/_emulator/${path}`
      const result = await page.evaluate(`new Promise((done) => {
        const script = document.createElement('script')
        script.src = ${JSON.stringify(address)}
        script.onload = () => done('loaded')
        script.onerror = () => done('refused')
        document.body.append(script)
      })`)
      expect(result, path).toBe('refused')
    }
  }, 120_000)

  it.each(['localhost', 'zoho.localhost'])(
    'G5: under the name %s the inspector and the consent page work',
    async (name) => {
      const emulator = await start()
      const page = await newPage()
      const { port } = new URL(emulator.dataCenters.us.accountsServer)
      await page.goto(`http://${name}:${port}/_emulator/`)
      await page.getByRole('button', { name: '+1 h' }).click()
      await page.getByText('1 h ahead of this machine').waitFor()
      await page.goto(authorizationUrl(emulator).replace('127.0.0.1', name))
      const returning = page.waitForRequest((request) =>
        request.url().startsWith('http://localhost:3000/'),
      )
      await page.getByRole('button', { name: 'Accept' }).click()
      expect((await returning).url()).toMatch(/[?&]code=1000\./)
    },
    120_000,
  )
})
