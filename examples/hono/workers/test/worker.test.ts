import { describeMinimalApp, startExampleApp } from '@zrecruit-examples/hono-minimal/test'
import { createEmulator } from '@zrecruit/oauth-emulator'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

// What would be deployed: wrangler bundles it, and workerd runs it.
const folder = mkdtempSync(join(tmpdir(), 'zrecruit-example-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const wrangler = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js')
const said = execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
  cwd: join(import.meta.dirname, '..'),
  encoding: 'utf8',
  env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_BUILD_CONDITIONS: '@zrecruit/source,workerd,worker,browser', NO_COLOR: '1' },
})
const argv = [process.execPath, join(import.meta.dirname, 'serve.ts'), join(folder, 'worker.js')]

it('is ready to be deployed, with its objects', () => {
  expect(said).toMatch(/env\.ZOHO_CONNECTIONS \(ZohoConnections\)\s+Durable Object/)
})

describeMinimalApp(argv)

describe('the cron job', () => {
  it('counts the candidates without a request, as soon as somebody has connected', async ({ onTestFinished }) => {
    const emulator = createEmulator()
    await emulator.listen({ port: 0 })
    onTestFinished(() => emulator.close())
    const app = await startExampleApp(emulator, argv)
    onTestFinished(() => app.stop())
    const ring = async () => (await fetch(`${app.origin}/cdn-cgi/local/scheduled`)).text()
    const counted = () => emulator.journal().filter((entry) => entry.event === 'called' && entry.path === '/recruit/v2/Candidates' && entry.answer === 'ok').length

    expect(await ring()).toBe('ok')
    expect(emulator.calls()).toMatchObject({ token: 0, api: 0 })

    const connect = await fetch(`${app.origin}/zoho/connect`, { redirect: 'manual' })
    const consent = await fetch(connect.headers.get('location') ?? '', { method: 'POST', redirect: 'manual', body: new URLSearchParams({ decision: 'approve', account: 'eu' }) })
    const cookie = connect.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const back = await fetch(consent.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie } })
    expect([connect.status, consent.status, back.status]).toEqual([303, 302, 303])

    expect(await ring()).toBe('ok')
    expect(counted()).toBe(1)

    // Another isolate on the same disk knows the connection, by its own bindings.
    await app.restart()
    expect(await ring()).toBe('ok')
    expect(counted()).toBe(2)
    expect(emulator.calls().token).toBe(1)
  }, 60_000)
})
