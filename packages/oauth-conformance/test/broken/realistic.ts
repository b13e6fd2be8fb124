import type { Parts } from '../reference.ts'
import { opensByNormalizedPath } from './narrow-beside.ts'
import { answering, body, headers, type Breakage } from './seams.ts'

const replacing =
  (part: (parts: Parts) => Partial<Parts>): Breakage =>
  (parts) => ({ ...parts, ...part(parts) })

/** The request that core sees, changed. */
const asking = (change: (request: Request) => Request): Breakage =>
  replacing((parts) => ({ request: (message, app) => change(parts.request(message, app)) }))

/** What goes wrong in adapters, and the cases that see it. */
export const realistic: readonly {
  readonly name: string
  readonly breakage: Breakage
  readonly fails: readonly string[]
}[] = [
  {
    name: 'HEAD runs what GET would',
    breakage: asking((request) =>
      request.method === 'HEAD' ? new Request(request.url, { headers: request.headers }) : request,
    ),
    fails: ['callback-head', 'gate-head'],
  },
  {
    name: 'the routes set their cookies in place of the app’s',
    breakage: replacing((parts) => ({
      write: (response, target, message) =>
        parts.write(
          response,
          response.headers.has('set-cookie') ? (target.removeHeader('set-cookie'), target) : target,
          message,
        ),
    })),
    fails: ['cookie-goes', 'connect-keeps-app-cookie', 'callback-keeps-app-cookie'],
  },
  {
    name: 'the redirect URI is made from the Host of the request',
    breakage: answering(
      (_, { headers: sent }) => sent.get('location')?.includes('redirect_uri=') === true,
      (response, text, seen) =>
        headers({
          location: response.headers
            .get('location')
            ?.replace(
              /redirect_uri=https?%3A%2F%2F[^%]+/,
              `redirect_uri=https%3A%2F%2F${seen.header('x-forwarded-host') ?? seen.header('host')}`,
            ),
        })(response, text),
    ),
    fails: ['lying-proxy-connect', 'loopback-http'],
  },
  {
    name: 'paths are compared without regard to letter case, encoding and slashes',
    breakage: asking((request) => {
      const { pathname, search, origin } = new URL(request.url)
      return new Request(
        origin +
          decodeURIComponent(pathname)
            .toLowerCase()
            .replace(/\/{2,}/g, '/')
            .replace(/(.)\/$/, '$1') +
          search,
        request,
      )
    }),
    fails: ['falls-through-alike'],
  },
  {
    name: 'the gate opens for a path that only `URL` turns into a route',
    breakage: opensByNormalizedPath,
    fails: ['whole-app-spellings'],
  },
  {
    name: 'every error is answered as the library’s',
    breakage: replacing((parts) => ({
      failed: (error, request, app) =>
        parts.failed(error, request, app) ?? Response.json({ error: 'zoho' }, { status: 502 }),
    })),
    fails: ['gate-own-error', 'gate-session-error', 'routes-session-error', 'own-failure'],
  },
  {
    name: 'the library’s errors are left to the app',
    breakage: replacing(() => ({ failed: () => undefined })),
    fails: ['revoked-by-user', 'library-error'],
  },
  {
    name: 'the gate forgets the scopes that were asked for',
    breakage: replacing((parts) => ({ gate: (message, app) => parts.gate(message, app, []) })),
    fails: ['gate-scopes'],
  },
  {
    name: 'headers of the request are lost on the way to core, but for cookies',
    breakage: asking(
      (request) =>
        new Request(request.url, {
          method: request.method,
          headers: {
            cookie: request.headers.get('cookie') ?? '',
            accept: request.headers.get('accept') ?? '',
          },
        }),
    ),
    fails: [
      'connect-refuses-foreign-post',
      'connect-refuses-foreign-image',
      'connect-confirms-foreign-link',
      'connect-prefetch',
      'callback-strict-session',
      'callback-prefetch',
      'gate-fetch-of-a-browser',
      'disconnect-foreign-origin',
      'disconnect-foreign-fetch-site',
      'lying-proxy-origin',
      'bytes-empty',
    ],
  },
  {
    name: 'JSON is written anew by the framework',
    breakage: answering(
      (_, { headers: sent }) => sent.get('content-type')?.includes('json') === true,
      body((text) => JSON.stringify(JSON.parse(text), undefined, 1)),
    ),
    fails: ['body-of-the-app', 'bytes-problem', 'bytes-method', 'bytes-gate-problem'],
  },
  {
    name: 'who is signed in is asked once, and remembered',
    breakage: replacing((parts) => {
      let first: ReturnType<Parts['connectionFor']>
      return { connectionFor: (message) => (first ??= parts.connectionFor(message)) }
    }),
    fails: [
      'two-customers',
      'callback-other-user',
      'callback-other-connection',
      'callback-signed-out',
      'callback-strict-session',
      'disconnect-signed-out',
    ],
  },
]
