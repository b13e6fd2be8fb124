import { startExampleApp } from '@zrecruit-examples/shared-ui/test-support/example-app'
import { describeMinimalApp } from '@zrecruit-examples/shared-ui/test-support/minimal-app'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'

// Tests the bundle that would be deployed, in workerd.
const folder = mkdtempSync(join(tmpdir(), 'zrecruit-example-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const wrangler = join(
  dirname(createRequire(import.meta.url).resolve('wrangler/package.json')),
  'bin/wrangler.js',
)
const deployOutput = execFileSync(
  process.execPath,
  [wrangler, 'deploy', '--dry-run', '--outdir', folder],
  {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_BUILD_CONDITIONS: '@zrecruit/source,workerd,worker,browser',
      NO_COLOR: '1',
    },
  },
)
const serveCommand = [
  process.execPath,
  join(import.meta.dirname, 'serve.ts'),
  join(folder, 'worker.js'),
]

it('`wrangler deploy --dry-run` succeeds and binds the Durable Object class', () => {
  expect(deployOutput).toMatch(/env\.ZOHO_CONNECTIONS \(ZohoConnections\)\s+Durable Object/)
})

describeMinimalApp(serveCommand)

describe('the cron jobs', () => {
  it('jobs count candidates, and a job or the alarm finishes an interrupted revocation', async ({
    onTestFinished,
  }) => {
    const emulator = createEmulator()
    await emulator.listen({ port: 0 })
    onTestFinished(() => emulator.close())
    const app = await startExampleApp(emulator, serveCommand)
    onTestFinished(() => app.stop())
    const [morningCron, hourlyCron] = JSON.parse(
      /"crons": (\[.*?\])/.exec(
        readFileSync(join(import.meta.dirname, '../wrangler.jsonc'), 'utf8'),
      )?.[1] ?? '[]',
    ) as string[]
    const runCronJob = async (cron = '') =>
      (await fetch(`${app.origin}/cdn-cgi/local/scheduled?${new URLSearchParams({ cron })}`)).text()
    const candidateCalls = () =>
      emulator
        .journal()
        .filter(
          (entry) =>
            entry.event === 'called' &&
            entry.path === '/recruit/v2/Candidates' &&
            entry.response === 'ok',
        ).length

    // Without a connection, both jobs succeed and send no request to Zoho.
    expect(await runCronJob(morningCron)).toBe('ok')
    expect(await runCronJob(hourlyCron)).toBe('ok')
    expect(emulator.calls()).toMatchObject({ token: 0, api: 0 })

    const connectResponse = await fetch(`${app.origin}/zoho/connect`, { redirect: 'manual' })
    const consentResponse = await fetch(connectResponse.headers.get('location') ?? '', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ decision: 'approve', account: 'eu' }),
    })
    const cookie = connectResponse.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const callbackResponse = await fetch(consentResponse.headers.get('location') ?? '', {
      redirect: 'manual',
      headers: { cookie },
    })
    expect([connectResponse.status, consentResponse.status, callbackResponse.status]).toEqual([
      303, 302, 303,
    ])

    const page = async () => (await fetch(app.origin)).text()
    expect(await page()).toMatch(
      /Zoho organization<\/dt>\s*<dd>Rheinbogen Personal<.*Zoho user<\/dt>\s*<dd>Lena Vogel</s,
    )
    const before = candidateCalls()
    expect(await runCronJob(morningCron)).toBe('ok')
    expect(candidateCalls()).toBe(before + 1)

    // Zoho does not respond to the revocation request, and the test stops workerd meanwhile. The
    // restarted workerd has the stored objects, which are on disk, and the same bindings. Its
    // object finishes the revocation with the client that it creates from these bindings.
    emulator.addFault({ on: 'revoke', kind: 'silence', times: 1 })
    void fetch(`${app.origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin: app.origin },
      redirect: 'manual',
    }).catch(() => {})
    await vi.waitUntil(() => emulator.calls().revoke === 1, 15_000)
    await app.restart()
    // The object set its alarm to ten seconds after the disconnect request. So either the alarm or
    // this job finishes the revocation, whichever runs first.
    expect(await runCronJob(hourlyCron)).toBe('ok')
    await vi.waitUntil(async () => (await page()).includes('Disconnected'), 15_000)
    expect(emulator.tokens().refreshTokens).toEqual([])
    expect(await runCronJob(morningCron)).toBe('ok')
    expect(emulator.calls().token).toBe(1)
  }, 60_000)
})
