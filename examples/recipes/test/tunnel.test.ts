import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { emulateZoho } from './emulated-zoho.ts'

const publicUrl = 'https://calm-river.tunnel.example'
const zoho = emulateZoho({
  redirectUris: [`${publicUrl}/zoho/callback`],
  variables: { PUBLIC_URL: publicUrl, PORT: '0' },
})
let close = () => {}
beforeAll(async () => {
  const { server } = await import('../src/tunnel.ts')
  if (server.address() === null) await once(server, 'listening')
  const { port } = server.address() as { port: number }
  close = () => void server.close()
  // The tunnel ends TLS and sends plain HTTP to the app, with the public name as `Host`.
  zoho.serve(publicUrl, (incoming) => sendTo(port, incoming))
})
afterAll(() => close())

const sendTo = (port: number, { url, method, headers }: Request): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { host, pathname, search } = new URL(url)
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        method,
        path: pathname + search,
        headers: {
          ...Object.fromEntries(headers),
          host,
          'x-forwarded-proto': 'https',
          'x-forwarded-for': '203.0.113.7',
        },
      },
      async (response) => {
        const body = Buffer.concat(await response.toArray())
        resolve(
          new Response(response.statusCode === 204 ? null : body, {
            status: response.statusCode ?? 500,
            headers: response.rawHeaders.flatMap((name, index, all) =>
              index % 2 === 0 ? [[name, all[index + 1] ?? ''] as [string, string]] : [],
            ),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end()
  })

it('connects through a tunnel that ends TLS', async () => {
  const browser = zoho.createBrowser()
  const started = await browser.send(`${publicUrl}/zoho/connect?returnTo=/candidates`)
  expect(started.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-.*; Secure/)])
  const consentUrl = new URL(started.headers.get('location') ?? '')
  expect(consentUrl.searchParams.get('redirect_uri')).toBe(`${publicUrl}/zoho/callback`)
  const page = await zoho.accept(browser, await browser.open(consentUrl.href))
  expect([page.url, page.status]).toEqual([`${publicUrl}/candidates`, 200])
})
