import assert from 'node:assert/strict'
import { createBrowser } from '@zrecruit/oauth-emulator'
import type { RunningApp } from '../adapter-harness.ts'
import { sendRequest, type TestResponse, type TestRequest } from './send-request.ts'

/**
 * Somebody at a browser: a cookie jar for the app's public address, and the session of who is
 * signed in.
 */
export interface Visitor {
  /** The binding cookies that the browser holds, by name; as `Cookie` would send them. */
  readonly jar: ReadonlyMap<string, string>
  /**
   * Who is signed in, `alice@acme`; `undefined` for nobody. Signing in and out changes no other
   * cookie.
   */
  signIn(session: string | undefined): void
  /** Opens a page, as a navigation. Redirects are not followed. */
  open(path: string, headers?: TestRequest['headers']): Promise<TestResponse>
  /** Asks as a script of the app's would. */
  script(path: string, question?: Omit<TestRequest, 'path'>): Promise<TestResponse>
  /** Sends one of the app's own forms. */
  submit(path: string, question?: Omit<TestRequest, 'path'>): Promise<TestResponse>
  /** Decides at Zoho's consent page. Resolves with the callback's address, which is not opened. */
  decide(
    location: string | undefined,
    decision?: 'approve' | 'refuse',
    fields?: Readonly<Record<string, string>>,
  ): Promise<URL>
  /** Begins, consents at Zoho, and comes back. Resolves with the callback's answer. */
  connect(path?: string): Promise<TestResponse>
}

const consented = { accept: 'text/html,application/xhtml+xml' }

export const visitor = (
  app: RunningApp,
  publicOrigin: string,
  firstSession: string | undefined,
  connectPath: string,
): Visitor => {
  const jar = new Map<string, string>()
  let session = firstSession
  const { host, protocol } = new URL(publicOrigin)

  const keep = (cookies: readonly string[]) => {
    for (const line of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      // As a browser would: a cookie with the prefix has to be Secure, for the whole host, and over
      // https.
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
  const send = async ({ headers, ...question }: TestRequest): Promise<TestResponse> => {
    const cookies = [...jar, ...(session === undefined ? [] : [['session', session]])].map((pair) =>
      pair.join('='),
    )
    const answer = await sendRequest(app.origin, {
      ...question,
      headers: {
        host,
        ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
        ...headers,
        ...app.headers,
      },
    })
    keep(answer.cookies)
    return answer
  }
  const self: Visitor = {
    jar,
    signIn(next) {
      session = next
    },
    open: (path, headers) => send({ path, headers: { ...consented, ...headers } }),
    script: (path, question) =>
      send({ ...question, path, headers: { accept: 'application/json', ...question?.headers } }),
    submit: (path, question) =>
      send({
        method: 'POST',
        ...question,
        path,
        headers: { ...consented, origin: publicOrigin, ...question?.headers },
      }),
    async decide(location, decision = 'approve', fields = {}) {
      assert.match(
        location ?? '',
        /\/oauth\/v2\/auth\?/,
        'the answer leads to the consent page of an accounts server',
      )
      const browser = createBrowser()
      const page = await browser.submit(
        await browser.open(location ?? ''),
        { decision, ...fields },
        { stay: true },
      )
      const back = page.headers.get('location') ?? ''
      assert.ok(
        back.startsWith(`${publicOrigin}/`),
        `Zoho sends the browser back to ${publicOrigin}, not to ${back.split('?')[0]}: ` +
          page.text.slice(0, 200),
      )
      return new URL(back)
    },
    async connect(path = connectPath) {
      const begun = await self.open(path)
      const back = await self.decide(begun.headers['location'])
      return self.open(back.pathname + back.search)
    },
  }
  return self
}
