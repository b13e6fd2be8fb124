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
const command = [process.execPath, join(import.meta.dirname, 'serve.ts'), join(folder, 'worker.js')]

it('is ready to be deployed, with its objects', () => {
  expect(deployOutput).toMatch(/env\.ZOHO_CONNECTIONS \(ZohoConnections\)\s+Durable Object/)
})

describeMinimalApp(command)

describe('the cron jobs', () => {
  it('count the candidates of a connected company, and finish an interrupted revocation', async ({
    onTestFinished,
  }) => {
    const emulator = createEmulator()
    await emulator.listen({ port: 0 })
    onTestFinished(() => emulator.close())
    const app = await startExampleApp(emulator, command)
    onTestFinished(() => app.stop())
    const [morning, hourly] = JSON.parse(
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
            entry.answer === 'ok',
        ).length

    expect(await runCronJob(morning)).toBe('ok')
    expect(await runCronJob(hourly)).toBe('ok')
    expect(emulator.calls()).toMatchObject({ token: 0, api: 0 })

    const connect = await fetch(`${app.origin}/zoho/connect`, { redirect: 'manual' })
    const consent = await fetch(connect.headers.get('location') ?? '', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ decision: 'approve', account: 'eu' }),
    })
    const cookie = connect.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const back = await fetch(consent.headers.get('location') ?? '', {
      redirect: 'manual',
      headers: { cookie },
    })
    expect([connect.status, consent.status, back.status]).toEqual([303, 302, 303])

    const page = async () => (await fetch(app.origin)).text()
    expect(await page()).toMatch(
      /Zoho organization<\/dt>\s*<dd>Rheinbogen Personal<.*Zoho user<\/dt>\s*<dd>Lena Vogel</s,
    )
    const before = candidateCalls()
    expect(await runCronJob(morning)).toBe('ok')
    expect(candidateCalls()).toBe(before + 1)

    // workerd ends during the call to Zoho. A new isolate on the same disk finishes the revocation
    // with its own bindings.
    emulator.addFault({ on: 'revoke', kind: 'silence', times: 1 })
    void fetch(`${app.origin}/zoho/disconnect`, {
      method: 'POST',
      headers: { origin: app.origin },
      redirect: 'manual',
    }).catch(() => {})
    await vi.waitUntil(() => emulator.calls().revoke === 1, 15_000)
    await app.restart()
    // The object's alarm, ten seconds after the request, may finish the revocation before this job.
    expect(await runCronJob(hourly)).toBe('ok')
    await vi.waitUntil(async () => (await page()).includes('Disconnected'), 15_000)
    expect(emulator.tokens().refreshTokens).toEqual([])
    expect(await runCronJob(morning)).toBe('ok')
    expect(emulator.calls().token).toBe(1)
  }, 60_000)
})
