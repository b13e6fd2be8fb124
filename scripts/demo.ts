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

// The first working day, for real: the emulator, the example app as a process of its own on a
// SQLite file, and a browser without a window that walks consent → call → restart → refresh →
// revocation. In a terminal it stays up.

const stays = process.stdout.isTTY && !process.env['CI']
const emulator = createEmulator()
const browser = createBrowser()
let app: ExampleApp | undefined
let origin = ''
let doing = 'start'

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
    // The address is not printed: where it is the callback's, a code is in it.
    assert.ok(
      page.url === `${origin}/`,
      `the browser did not come back to the app: ${wordsOf(page)}`,
    )
    assert.match(page.text, />Connected</)
    return (
      'began at the US accounts server, the account lives in the EU: the code was exchanged ' +
      'there'
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
    return `an hour later, ${counts.length} requests at once: 1 token call, ${counts.length} answers`
  })

  await step('sealed', async () => {
    const { accessTokens, refreshTokens } = emulator.tokens()
    const secrets = [...accessTokens, ...refreshTokens].map((one) => one.token)
    assert.ok(secrets.length >= 2)
    const folder = app?.folder ?? ''
    for (const file of await readdir(folder)) {
      const bytes = await readFile(join(folder, file))
      assert.ok(!secrets.some((secret) => bytes.includes(secret)), `${file} holds a token in clear`)
    }
    return 'no token in clear on the disk'
  })

  if (stays) await stayUp()

  await step('revocation', async () => {
    const page = await browser.send(`${origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin },
    })
    assert.equal(page.status, 303)
    assert.match((await browser.open(`${origin}/`)).text, />Disconnected</)
    assert.equal(emulator.tokens().refreshTokens.length, 0, 'the refresh token is alive at Zoho')
    const refused = await get('/candidates', 'application/json')
    assert.equal(refused.status, 401)
    return 'Zoho has no live token, the app answers 401 with the address to connect at'
  })
  console.log('\nDone: consent, call, refresh and revocation all worked.')
} catch (error) {
  console.error(
    `\n✗ ${doing} failed: ` +
      `${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
  )
  process.exitCode = 1
} finally {
  await app?.stop()
  await emulator.close()
}

async function step(name: string, work: () => Promise<string>): Promise<void> {
  doing = name
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

async function stayUp(): Promise<void> {
  console.log(
    `\nOpen ${origin} to look around, and disconnect there if you like. Ctrl-C ends the demo.`,
  )
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}

function wordsOf({ text }: Page): string {
  return text
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
