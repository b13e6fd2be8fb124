import {
  nodeCommand,
  startExampleApp,
  type ExampleApp,
} from '@zrecruit-examples/shared-ui/test-support/example-app'
import { createBrowser, createEmulator, type Page } from '@zrecruit/oauth-emulator'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

// `pnpm demo` starts the emulator and the example app in a process of its own, with a SQLite file.
// A simulated browser then goes through consent, API call, restart, refresh and revocation. In a
// terminal, the app keeps running until Ctrl-C.

const shouldWaitForCtrlC = process.stdout.isTTY && !process.env['CI']
const emulator = createEmulator()
const browser = createBrowser()
let app: ExampleApp | undefined
let origin = ''
let currentStep = 'start'

try {
  await step('start', async () => {
    await emulator.listen({ port: 0 })
    app = await startExampleApp(
      emulator,
      nodeCommand(new URL('../examples/hono/minimal/src/server.ts', import.meta.url)),
    )
    origin = app.origin
    return (
      `emulator with ${Object.keys(emulator.dataCenters).join(', ')}; app on ${origin}; store ` +
      join(app.folder, 'zoho.db')
    )
  })

  await step('consent', async () => {
    const consent = await browser.open(`${origin}/zoho/connect`)
    assert.match(consent.url, /\/oauth\/v2\/auth\?/, 'the app did not send the browser to Zoho')
    const page = await browser.submit(consent, { decision: 'approve', account: 'eu' })
    // The address is not printed, because a callback's address contains a code.
    assert.ok(
      page.url === `${origin}/`,
      `the browser did not return to the app: ${visibleText(page)}`,
    )
    assert.match(page.text, />Connected</)
    return (
      'started at the US accounts server; the account is in the EU, so the code was ' +
      'exchanged there'
    )
  })

  await step('call', async () => `${await candidates()} candidates from the EU data center`)

  await step('restart', async () => {
    await app?.restart()
    return (
      `still connected, ${await candidates()} candidates, ${emulator.calls().token} token call ` +
      'so far'
    )
  })

  await step('refresh', async () => {
    const before = emulator.calls().token
    emulator.advanceClock(3_600)
    const counts = await Promise.all(Array.from({ length: 20 }, candidates))
    assert.equal(emulator.calls().token - before, 1, 'more than one refresh')
    const total = counts.length
    return `an hour later, ${total} requests at the same time: 1 token call, ${total} responses`
  })

  await step('sealed', async () => {
    const { accessTokens, refreshTokens } = emulator.tokens()
    const secrets = [...accessTokens, ...refreshTokens].map(({ token }) => token)
    assert.ok(secrets.length >= 2)
    const folder = app?.folder ?? ''
    for (const file of await readdir(folder)) {
      const bytes = await readFile(join(folder, file))
      assert.ok(
        !secrets.some((secret) => bytes.includes(secret)),
        `${file} contains a token in clear text`,
      )
    }
    return 'no token in clear text on the disk'
  })

  if (shouldWaitForCtrlC) await waitForCtrlC()

  await step('revocation', async () => {
    const page = await browser.send(`${origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin },
    })
    assert.equal(page.status, 303)
    assert.match((await browser.open(`${origin}/`)).text, />Disconnected</)
    assert.equal(
      emulator.tokens().refreshTokens.length,
      0,
      'the refresh token is still valid at Zoho',
    )
    const refused = await get('/candidates', 'application/json')
    assert.equal(refused.status, 401)
    return 'Zoho has no valid token, and the app answers 401 with the address of /connect'
  })
  console.log('\nDone: consent, call, refresh and revocation all worked.')
} catch (error) {
  console.error(
    `\n✗ ${currentStep} failed: ` +
      `${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
  )
  process.exitCode = 1
} finally {
  await app?.stop()
  await emulator.close()
}

async function step(name: string, work: () => Promise<string>): Promise<void> {
  currentStep = name
  console.log(`· ${name}`)
  console.log(`✓ ${name.padEnd(10)} ${await work()}`)
}

async function candidates(): Promise<number> {
  const page = await get('/candidates', 'application/json')
  assert.equal(page.status, 200, `the app answered ${page.status}`)
  return (JSON.parse(page.text) as unknown[]).length
}

function get(path: string, accept: string): Promise<Page> {
  return browser.send(origin + path, { headers: { accept } })
}

async function waitForCtrlC(): Promise<void> {
  console.log(
    `\nOpen ${origin} in a browser. You can also disconnect there. Press Ctrl-C to revoke and end.`,
  )
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

function visibleText({ text }: Page): string {
  return text
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
