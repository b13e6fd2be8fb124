import assert from 'node:assert/strict'
import { createBrowser } from '@zrecruit/oauth-emulator'
import type { RunningApp } from '../adapter-harness.ts'
import { sendRequest, type TestResponse, type TestRequest } from './send-request.ts'

/** A user with a browser: a cookie jar for the app's public origin, and a session. */
export interface Visitor {
  /** The cookies of the browser by name. */
  readonly jar: ReadonlyMap<string, string>
  /** Signs in as a user such as `alice@acme`, or out with `undefined`. Other cookies stay. */
  signIn(session: string | undefined): void
  /** Opens a page by navigation. Redirects are not followed. */
  open(path: string, headers?: TestRequest['headers']): Promise<TestResponse>
  /** Sends a request like a script of the app. */
  script(path: string, request?: Omit<TestRequest, 'path'>): Promise<TestResponse>
  /** Submits a form of the app. */
  submit(path: string, request?: Omit<TestRequest, 'path'>): Promise<TestResponse>
  /** Approves or refuses on Zoho's consent page. Returns the callback URL, but does not open it. */
  decide(
    location: string | undefined,
    decision?: 'approve' | 'refuse',
    fields?: Readonly<Record<string, string>>,
  ): Promise<URL>
  /**
   * Starts at the app, approves at Zoho and opens the callback. Returns the callback's response.
   */
  connect(path?: string): Promise<TestResponse>
}

const navigationHeaders = { accept: 'text/html,application/xhtml+xml' }

export const visitor = (
  app: RunningApp,
  publicOrigin: string,
  firstSession: string | undefined,
  connectPath: string,
): Visitor => {
  const jar = new Map<string, string>()
  let session = firstSession
  const { host, protocol } = new URL(publicOrigin)

  const storeCookies = (cookies: readonly string[]) => {
    for (const line of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      // Like a browser: a cookie with the prefix must be Secure, have Path=/ and arrive over HTTPS.
      if (name.startsWith('__Host-'))
        assert.ok(
          protocol === 'https:' &&
            /; Secure/i.test(line) &&
            /; Path=\/(;|$)/i.test(line) &&
            !/; Domain=/i.test(line),
          `a browser refuses this cookie: ${line}`,
        )
      if (/; Max-Age=0(;|$)/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
  }
  const send = async ({ headers, ...request }: TestRequest): Promise<TestResponse> => {
    const cookies = [...jar, ...(session === undefined ? [] : [['session', session]])].map((pair) =>
      pair.join('='),
    )
    const response = await sendRequest(app.origin, {
      ...request,
      headers: {
        host,
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...headers,
        ...app.headers,
      },
    })
    storeCookies(response.cookies)
    return response
  }
  const self: Visitor = {
    jar,
    signIn(next) {
      session = next
    },
    open: (path, headers) => send({ path, headers: { ...navigationHeaders, ...headers } }),
    script: (path, request) =>
      send({ ...request, path, headers: { accept: 'application/json', ...request?.headers } }),
    submit: (path, request) =>
      send({
        method: 'POST',
        ...request,
        path,
        headers: { ...navigationHeaders, origin: publicOrigin, ...request?.headers },
      }),
    async decide(location, decision = 'approve', fields = {}) {
      assert.match(
        location ?? '',
        /\/oauth\/v2\/auth\?/,
        'the response leads to the consent page of an accounts server',
      )
      const browser = createBrowser()
      const page = await browser.submit(
        await browser.open(location ?? ''),
        { decision, ...fields },
        { stay: true },
      )
      const callbackUrl = page.headers.get('location') ?? ''
      assert.ok(
        callbackUrl.startsWith(`${publicOrigin}/`),
        `Zoho sends the browser back to ${publicOrigin}, not to ${callbackUrl.split('?')[0]}: ` +
          page.text.slice(0, 200),
      )
      return new URL(callbackUrl)
    },
    async connect(path = connectPath) {
      const connectResponse = await self.open(path)
      const callbackUrl = await self.decide(connectResponse.headers['location'])
      return self.open(callbackUrl.pathname + callbackUrl.search)
    },
  }
  return self
}
