import type { Parts } from '../reference.ts'
import type { ServerResponse } from 'node:http'
import { opensByNormalizedPath } from './narrow-routes.ts'
import { changeResponse, changeBody, changeHeaders, type Breakage } from './seams.ts'

const replacing =
  (part: (parts: Parts) => Partial<Parts>): Breakage =>
  (parts) => ({ ...parts, ...part(parts) })

const withoutCookies = (target: ServerResponse): ServerResponse => {
  target.removeHeader('set-cookie')
  return target
}

/** Changes the request that core receives. */
const changeRequest = (change: (request: Request) => Request): Breakage =>
  replacing((parts) => ({ request: (message, app) => change(parts.request(message, app)) }))

/** Realistic defects of adapters, and the cases that detect them. */
export const realistic: readonly {
  readonly name: string
  readonly breakage: Breakage
  readonly fails: readonly string[]
}[] = [
  {
    name: 'HEAD runs the handler of GET',
    breakage: changeRequest((request) =>
      request.method === 'HEAD' ? new Request(request.url, { headers: request.headers }) : request,
    ),
    fails: ['callback-head', 'gate-head'],
  },
  {
    name: 'the routes replace the app’s cookies',
    breakage: replacing((parts) => ({
      write: (response, target, message) =>
        parts.write(
          response,
          response.headers.has('set-cookie') ? withoutCookies(target) : target,
          message,
        ),
    })),
    fails: ['cookie-goes', 'connect-keeps-app-cookie', 'cookie-name', 'callback-keeps-app-cookie'],
  },
  {
    name: 'the redirect URI uses the Host header of the request',
    breakage: changeResponse(
      (_, { headers: sent }) => sent.get('location')?.includes('redirect_uri=') === true,
      (response, text, seen) =>
        changeHeaders({
          location: response.headers
            .get('location')
            ?.replace(
              /redirect_uri=https?%3A%2F%2F[^%]+/,
              'redirect_uri=https%3A%2F%2F' +
                `${seen.header('x-forwarded-host') ?? seen.header('host')}`,
            ),
        })(response, text),
    ),
    fails: ['lying-proxy-connect', 'loopback-http'],
  },
  {
    name: 'paths are compared ignoring letter case, encoding and extra slashes',
    breakage: changeRequest((request) => {
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
    fails: ['redirect-uri-slash', 'falls-through-alike'],
  },
  {
    name: 'the guard compares the path after normalization by `URL`',
    breakage: opensByNormalizedPath,
    fails: ['whole-app-spellings'],
  },
  {
    name: 'every error is answered as an error of the library',
    breakage: replacing((parts) => ({
      failed: (error, request, app) =>
        parts.failed(error, request, app) ?? Response.json({ error: 'zoho' }, { status: 502 }),
    })),
    fails: ['gate-own-error', 'gate-session-error', 'routes-session-error', 'own-failure'],
  },
  {
    name: 'the app handles the errors of the library',
    breakage: replacing(() => ({ failed: () => undefined })),
    fails: ['revoked-by-user', 'library-error'],
  },
  {
    name: 'the guard ignores the required scopes',
    breakage: replacing((parts) => ({ guard: (message, app) => parts.guard(message, app, []) })),
    fails: ['gate-scopes'],
  },
  {
    name: 'core receives only the cookie and accept headers',
    breakage: changeRequest(
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
      'connect-prefetch',
      'connect-refuses-foreign-post',
      'connect-refuses-foreign-image',
      'connect-confirms-foreign-link',
      'connect-hidden-request',
      'connect-other-loopback-host',
      'trusted-origin',
      'untrusted-origin',
      'ticket-of-another-person',
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
    name: 'the framework serializes JSON again',
    breakage: changeResponse(
      (_, { headers: sent }) => sent.get('content-type')?.includes('json') === true,
      changeBody((text) => JSON.stringify(JSON.parse(text), undefined, 1)),
    ),
    fails: ['body-of-the-app', 'bytes-problem', 'bytes-method', 'bytes-gate-problem'],
  },
  {
    name: 'the signed-in user is cached',
    breakage: replacing((parts) => {
      let first: ReturnType<Parts['connectionFor']>
      return { connectionFor: (message) => (first ??= parts.connectionFor(message)) }
    }),
    fails: [
      'two-customers',
      'ticket-of-another-person',
      'callback-other-user',
      'callback-other-connection',
      'callback-signed-out',
      'callback-strict-session',
      'disconnect-signed-out',
    ],
  },
]
