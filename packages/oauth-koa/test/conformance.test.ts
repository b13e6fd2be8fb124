import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { subjects } from './subjects.ts'

const redirectUri = 'https://app.example.com/zoho/callback'

describe.each(subjects)('the subject $name', ({ start }) => {
  it('is the app that the cases ask for', async () => {
    const emulator = createEmulator({ redirectUris: [redirectUri] })
    await emulator.listen({ port: 0 })
    onTestFinished(() => emulator.close())
    const { id: clientId, secret: clientSecret } = emulator.client
    const options = { clientId, clientSecret, redirectUri, scopes: ['ZohoRecruit.modules.ALL'] as const, dataCenters: emulator.dataCenters, encryptionKeys: [randomBytes(32).toString('base64')] }
    const app = await start({ options, mount: '/zoho', bodyParser: true })
    onTestFinished(() => app.close())
    const ask = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(app.origin + path, { redirect: 'manual', ...init, headers: { cookie: 'session=alice@acme', ...(init.headers as object) } })
      return { status: answer.status, text: await answer.text(), cookies: answer.headers.getSetCookie(), location: answer.headers.get('location') }
    }
    const kept = ['app=kept; Path=/']
    expect(await ask('/else')).toMatchObject({ status: 404, text: 'own 404', cookies: kept })
    expect(await ask('/failure')).toMatchObject({ status: 500, text: 'own error', cookies: kept })
    expect(await ask('/candidates', { headers: { cookie: 'session=broken' } })).toMatchObject({ status: 500, text: 'own error' })
    expect(JSON.parse((await ask('/job')).text)).toMatchObject({ status: 401, code: 'not-connected' })
    expect(await ask('/echo', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } })).toMatchObject({ status: 200, text: '{"a":1}' })

    const begun = await ask('/zoho/connect', { headers: { accept: 'text/html' } })
    expect([begun.status, begun.cookies]).toEqual([303, [...kept, expect.stringMatching(/^__Host-zro-/)]])
    const browser = createBrowser()
    const back = new URL((await browser.submit(await browser.open(begun.location ?? ''), { decision: 'approve' }, { stay: true })).headers.get('location') ?? '')
    const returned = await ask(back.pathname + back.search, { headers: { accept: 'text/html', cookie: `session=alice@acme; ${begun.cookies[1]?.split(';')[0]}` } })
    expect(returned).toMatchObject({ status: 303, location: '/', cookies: [...kept, expect.stringMatching(/^__Host-zro-.*Max-Age=0/)] })
    expect(JSON.parse((await ask('/candidates')).text)).toMatchObject({ data: [{}, {}] })
    expect(await ask('/gated-failure')).toMatchObject({ status: 500, text: 'own error' })
    expect(JSON.parse((await ask('/users')).text)).toMatchObject({ status: 403, code: 'scope-missing' })
  })

  it('rejects with what the adapter throws', async () => {
    await expect(start({ options: {} as never, mount: '/zoho', bodyParser: false })).rejects.toMatchObject({ code: 'configuration-invalid' })
  })
})
