import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import type { AppSettings, RunningApp } from '@zrecruit/oauth-conformance/app'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { subjects } from './subjects.ts'

// What depends on a runtime's server. The conformance suite tests the rest.

let emulator: Emulator
beforeAll(async () => {
  emulator = createEmulator({
    redirectUris: ['https://app.example.com/zoho/callback'],
    refreshTokenBudget: { limit: 100, windowSeconds: 60 },
  })
  await emulator.listen({ port: 0 })
})
afterAll(async () => {
  await Promise.all(subjects.map(({ end }) => end()))
  await emulator.close()
})

const settings = (): AppSettings => ({
  options: {
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    dataCenters: emulator.dataCenters,
    encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
  },
  mount: '/zoho',
  bodyParser: true,
})

/** Sends the exact `Host` and path, which `fetch` would change. */
const sendRaw = (
  { origin, headers: appHeaders }: RunningApp,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
) =>
  new Promise<{
    status: number | undefined
    location: string | undefined
    cookies: string[]
    body: string
  }>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        headers: { cookie: 'session=alice@acme', ...appHeaders, ...headers },
      },
      async (message) => {
        let text = ''
        for await (const chunk of message) text += chunk
        resolve({
          status: message.statusCode,
          location: message.headers.location,
          cookies: message.headers['set-cookie'] ?? [],
          body: text,
        })
      },
    )
    sent.on('error', reject).end(body)
  })

describe.each(subjects)('$subject.name', ({ subject, installed }) => {
  const startApp = async (): Promise<RunningApp> => {
    const started = await subject.start(settings())
    onTestFinished(() => started.close())
    return started
  }

  it.runIf(process.env['CI'])('is installed', () => expect(installed).toBe(true))

  describe.skipIf(!installed)('serves', () => {
    it('consent, API calls and disconnect, with each cookie in its own header', async () => {
      const running = await startApp()
      const connect = await sendRaw(running, '/zoho/connect', {
        accept: 'text/html',
        host: 'evil.example',
      })
      expect([connect.status, connect.cookies]).toEqual([
        303,
        [expect.stringMatching(/^__Host-zro-[\w-]{8}=.*; Secure$/), 'app=kept; Path=/'],
      ])
      const consent = await fetch(connect.location ?? '', {
        method: 'POST',
        body: new URLSearchParams({ decision: 'approve' }),
        redirect: 'manual',
      })
      const { pathname, search } = new URL(consent.headers.get('location') ?? '')
      const cookie = `session=alice@acme; ${connect.cookies[0]?.split(';')[0]}`
      const callback = await sendRaw(running, pathname + search, { accept: 'text/html', cookie })
      expect([callback.status, callback.location]).toEqual([303, '/'])
      const candidates = await sendRaw(running, '/candidates')
      expect([candidates.status, JSON.parse(candidates.body)]).toEqual([
        200,
        expect.objectContaining({ data: expect.any(Array) }),
      ])
      expect((await sendRaw(running, '/users', { accept: 'application/json' })).status).toBe(403)
      expect((await sendRaw(running, '/zoho/disconnect', {}, 'POST')).status).toBe(204)
      expect((await sendRaw(running, '/candidates')).status).toBe(401)
    })

    it('any method and path, and leaves other routes to the app', async () => {
      const running = await startApp()
      expect((await sendRaw(running, '/zoho/connect', {}, 'HEAD')).status).toBe(405)
      for (const path of [
        '/zoho/%63onnect',
        '/zoho/connect/',
        '//zoho/connect',
        '/zoho//connect',
        '/zoho/else',
      ])
        expect([path, (await sendRaw(running, path)).body]).toEqual([path, 'own 404'])
      expect(
        (
          await sendRaw(
            running,
            '/echo',
            { 'content-type': 'application/json' },
            'POST',
            '{"a":"ä"}',
          )
        ).body,
      ).toBe('{"a":"ä"}')
    })

    it('the app’s errors and the library’s', async () => {
      const running = await startApp()
      expect(await sendRaw(running, '/failure')).toMatchObject({
        status: 500,
        body: 'own error',
        cookies: ['app=kept; Path=/'],
      })
      expect(JSON.parse((await sendRaw(running, '/job')).body)).toMatchObject({
        code: 'not-connected',
      })
      await expect(
        subject.start({ ...settings(), options: { ...settings().options, clientId: '' } }),
      ).rejects.toMatchObject({
        code: 'configuration-invalid',
        message: expect.stringContaining('`clientId`'),
      })
    })

    it('nothing after the app was closed', async () => {
      const running = await subject.start(settings())
      await running.close()
      expect((await sendRaw(running, '/candidates')).status).toBe(410)
    })
  })
})
