import {
  createBrowser,
  createEmulator,
  type Browser,
  type EmulatorOptions,
} from '@zrecruit/oauth-emulator'
import { zohoDataCenters } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { afterAll, vi } from 'vitest'

/** Answers the requests to one origin, without a port. */
export type Handler = (request: Request) => Response | Promise<Response>

/**
 * Runs the code of a recipe as it is, with Zoho's own addresses: `fetch` sends requests to Zoho's
 * hosts to an emulator, and requests to the origins of `apps` to these apps. The environment has
 * the emulator's client, or the `variables`. Call it before the recipe is imported.
 */
export const emulateZoho = (
  { variables = {}, ...options }: EmulatorOptions & { variables?: Record<string, string> } = {},
  { prefix = 'ZOHO' } = {},
) => {
  const emulator = createEmulator(options)
  const apps = new Map<string, Handler>()
  const environment = {
    [`${prefix}_CLIENT_ID`]: emulator.client.id,
    [`${prefix}_CLIENT_SECRET`]: emulator.client.secret,
    ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    ZOHO_DATABASE: ':memory:',
    ...variables,
  }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const originalFetch = globalThis.fetch
  vi.stubGlobal('fetch', async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input, init)
    const app = apps.get(new URL(request.url).origin)
    if (app) return app(request)
    const url = atEmulator(request.url)
    if (url === request.url) return originalFetch(input, init)
    const headers = new Headers(request.headers)
    // A browser names the origin of the page that has the form.
    const origin = headers.get('origin')
    if (origin !== null) headers.set('origin', atEmulator(origin))
    const { method } = request
    const body = method === 'GET' || method === 'HEAD' ? {} : { body: await request.arrayBuffer() }
    return atZoho(await emulator.fetch(url, { method, headers, ...body }))
  })
  afterAll(() => {
    vi.unstubAllGlobals()
    vi.unstubAllEnvs()
  })

  const pairs = Object.entries(zohoDataCenters).flatMap(([id, zoho]) => {
    const emulated = (emulator.dataCenters as Record<string, typeof zoho | undefined>)[id]
    return emulated
      ? [
          [zoho.accountsServer, emulated.accountsServer] as const,
          [new URL(zoho.recruitApi).origin, new URL(emulated.recruitApi).origin] as const,
        ]
      : []
  })
  const atEmulator = (url: string): string =>
    pairs.reduce(
      (text, [zoho, emulated]) =>
        text === zoho || text.startsWith(`${zoho}/`) ? emulated + text.slice(zoho.length) : text,
      url,
    )
  /** The emulator's own addresses in a redirect, also in its query, become Zoho's. */
  const atZoho = (response: Response): Response => {
    const location = response.headers.get('location')
    if (location === null) return response
    const headers = new Headers(response.headers)
    const zohoLocation = pairs.reduce(
      (text, [zoho, emulated]) =>
        text
          .replaceAll(emulated, zoho)
          .replaceAll(encodeURIComponent(emulated), encodeURIComponent(zoho)),
      location,
    )
    headers.set('location', zohoLocation)
    return new Response(response.body, { status: response.status, headers })
  }

  return {
    emulator,
    /** Serves an app at an origin, such as `https://app.example.com`. */
    serve: (origin: string, app: Handler) => void apps.set(origin, app),
    createBrowser,
    /** Accepts at Zoho's consent page, which the browser shows, and returns the page after it. */
    accept: (browser: Browser, consent: Awaited<ReturnType<Browser['open']>>) =>
      browser.submit(consent, { decision: 'approve' }),
  }
}
