import type { Connection } from '@zrecruit/oauth-core'
import {
  changeResponse,
  changeBody,
  changeCookies,
  changeOptions,
  changeHeaders,
  path,
  changeStatus,
  hasNoSession,
  type Breakage,
  type SeenRequest,
} from './seams.ts'

const isCandidates = (seen: SeenRequest) => path(seen) === '/candidates'

const isUsers = (seen: SeenRequest) => path(seen) === '/users'

const hasUrl = (address: string) => (seen: SeenRequest) => seen.url === address

const isRequest = (seen: SeenRequest, method: string, to: string) =>
  seen.method === method && path(seen) === to

const contentType = (seen: SeenRequest) => seen.header('content-type')

export const guard: Readonly<Record<string, Breakage>> = {
  'gate-page': changeResponse(
    hasUrl('/candidates?a=1&b=%2F'),
    changeHeaders({ location: '/zoho/connect?returnTo=%2Fcandidates' }),
  ),
  'gate-script': changeResponse(
    hasUrl('/candidates?script'),
    changeHeaders({ 'cache-control': undefined }),
  ),
  'gate-fetch-of-a-browser': changeResponse(
    (seen) => isCandidates(seen) && seen.header('sec-fetch-mode') === 'cors',
    changeStatus(303),
  ),
  'gate-signed-out': changeResponse(
    (seen) => hasUrl('/candidates')(seen) && hasNoSession(seen),
    changeStatus(403),
  ),
  'gate-scopes': changeResponse(
    isUsers,
    changeBody((text) => text.replace('missingScopes', 'missing')),
  ),
  'gate-scopes-granted': changeResponse(
    (seen, now) => isUsers(seen) && now.status === 200,
    changeStatus(403),
  ),
  'gate-head': changeResponse((seen) => isRequest(seen, 'HEAD', '/candidates'), changeStatus(200)),
  'gate-own-error': changeResponse(
    hasUrl('/guarded-failure'),
    changeBody(() => 'Internal Server Error'),
  ),
  'gate-session-error': changeResponse(
    (seen) => isCandidates(seen) && seen.cookie.includes('broken'),
    changeStatus(401),
  ),
  'routes-session-error': changeResponse(
    (seen) => seen.url.startsWith('/zoho') && seen.cookie.includes('broken'),
    changeStatus(401),
  ),
  'own-failure': changeResponse(
    hasUrl('/failure'),
    changeBody(() => 'Internal Server Error'),
  ),
  'library-error': changeResponse(hasUrl('/job'), changeStatus(500)),
  'gate-throttled': changeResponse(
    (_, now) => now.status === 401,
    changeBody((text) => text.replace('INVALID_TOKEN', 'other')),
  ),
  'gate-hands-on': changeResponse(
    hasUrl('/candidates?handed=on'),
    changeHeaders({ 'content-encoding': 'identity' }),
  ),
  'not-the-gate': changeResponse(
    (seen) => isRequest(seen, 'POST', '/elsewhere'),
    changeStatus(405),
  ),
}

/** Compares the path after normalization by `URL`, as guards of many frameworks do. */
export const opensByNormalizedPath: Breakage = (parts) => ({
  ...parts,
  guard: (message, app, scopes) => {
    const normalized = URL.parse(message.url ?? '', 'http://localhost')?.pathname
    const isRoute = /^\/zoho\/(connect|callback|disconnect)$/.test(normalized ?? '')
    return isRoute ? Promise.resolve({} as Connection) : parts.guard(message, app, scopes)
  },
})

export const wholeApp: Readonly<Record<string, Breakage>> = {
  'whole-app-opens': changeResponse(hasUrl('/anything'), changeStatus(403)),
  'whole-app-spellings': opensByNormalizedPath,
  'whole-app-shadowed': (parts) => ({
    ...parts,
    async handle(message, app) {
      const shadows = app.settings.catchAll === 'handler-first' && message.method === 'PUT'
      return shadows ? new Response('protected body') : parts.handle(message, app)
    },
  }),
}

export const disconnecting: Readonly<Record<string, Breakage>> = {
  'disconnect-script': changeResponse(
    (seen, now) =>
      isRequest(seen, 'POST', '/zoho/disconnect') &&
      now.status === 204 &&
      contentType(seen) === undefined,
    changeHeaders({ 'content-type': 'text/plain' }),
  ),
  'disconnect-returns': changeResponse(
    hasUrl('/zoho/disconnect?returnTo=%2Fsettings'),
    changeHeaders({ location: '/' }),
  ),
  'disconnect-default-return': changeOptions(
    ({ defaultReturnTo }) => defaultReturnTo !== undefined,
    {
      defaultReturnTo: '/',
    },
  ),
  'disconnect-get': changeResponse(
    (seen) => isRequest(seen, 'GET', '/zoho/disconnect'),
    changeHeaders({ allow: undefined }),
  ),
  'disconnect-foreign-origin': changeResponse(
    (seen) =>
      path(seen) === '/zoho/disconnect' &&
      seen.header('origin') === 'https://evil.example' &&
      seen.header('host') === 'app.example.com',
    changeStatus(204),
  ),
  'disconnect-foreign-fetch-site': changeResponse(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('sec-fetch-site') === 'same-site',
    changeStatus(204),
  ),
  'disconnect-no-referrer': changeResponse(
    (seen) => seen.header('origin') === 'null' && seen.header('sec-fetch-site') === 'same-origin',
    changeStatus(403),
  ),
  'disconnect-signed-out': changeResponse(
    (seen) => path(seen) === '/zoho/disconnect' && hasNoSession(seen),
    changeStatus(204),
  ),
  'disconnect-pending': changeResponse(
    (seen, now) => path(seen) === '/zoho/disconnect' && now.status === 502,
    changeStatus(204),
  ),
}

const isForged = (seen: SeenRequest) => seen.header('x-forwarded-host') !== undefined

export const addresses: Readonly<Record<string, Breakage>> = {
  'lying-proxy-connect': changeResponse(
    (seen) => isForged(seen) && path(seen) === '/zoho/connect',
    changeHeaders({ 'x-served-by': 'evil.example' }),
  ),
  'lying-proxy-callback': changeResponse(
    (seen) => isForged(seen) && path(seen) === '/zoho/callback',
    changeHeaders({ location: 'http://evil.example/' }),
  ),
  'lying-proxy-gate': changeResponse(
    (seen) => isForged(seen) && isCandidates(seen),
    changeBody((text) => text.replace('app.example.com', 'evil.example')),
  ),
  'lying-proxy-origin': changeResponse(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('host') === 'evil.example',
    changeStatus(204),
  ),
  'plain-http-behind-tls': changeResponse(
    (seen) => seen.header('x-forwarded-proto') === 'https',
    changeCookies((cookie) => cookie.replace('; Secure', '')),
  ),
  'loopback-http': changeResponse(
    (seen) => seen.header('host') === 'localhost:3000',
    changeCookies((cookie) => `${cookie}; Secure`),
  ),
  'deep-mount': changeResponse((seen) => seen.url.startsWith('/api/v2'), changeStatus(404)),
  'callback-named-otherwise': changeResponse(
    (seen) => path(seen) === '/zoho/oauth2callback',
    changeStatus(404),
  ),
  'mounted-twice': changeResponse(hasUrl('/other/connect'), changeStatus(303)),
  'stripped-prefix': changeOptions(({ mountPath }) => mountPath === '/zoho', {
    mountPath: undefined,
  }),
  'query-on-mount': changeResponse((seen) => seen.url.includes('utm_source'), changeStatus(404)),
}

export const otherRoutes: Readonly<Record<string, Breakage>> = {
  'falls-through-below': changeResponse(hasUrl('/zoho/else'), changeStatus(500)),
  'falls-through-alike': changeResponse(hasUrl('/zoho/CONNECT'), changeStatus(303)),
  'falls-through-methods': changeResponse(
    (seen) => seen.method === 'PATCH',
    changeHeaders({ allow: undefined }),
  ),
  'answers-are-private': changeResponse(
    (_, { headers: sent }) => sent.get('location') === '/private',
    changeHeaders({ 'referrer-policy': undefined }),
  ),
  'pages-are-static': changeResponse(
    (seen) => seen.url.includes('error=%3Cb'),
    changeHeaders({ 'content-security-policy': undefined }),
  ),
  'body-form': changeResponse(
    (seen) => contentType(seen) === 'application/x-www-form-urlencoded',
    changeStatus(415),
  ),
  'body-json': changeResponse(
    (seen) => contentType(seen) === 'application/json' && seen.url.startsWith('/zoho'),
    changeStatus(415),
  ),
  'body-of-the-app': changeResponse(
    hasUrl('/echo'),
    changeBody((text) => text.toUpperCase()),
  ),
  'cookies-of-the-app': changeResponse((seen) => seen.cookie.includes('big='), changeStatus(431)),
}

const appendSpace = changeBody((text) => `${text} `)

export const bytes: Readonly<Record<string, Breakage>> = {
  'bytes-page': changeResponse(hasUrl('/zoho/callback?state=x'), appendSpace),
  'bytes-problem': changeResponse(
    (seen, now) => hasUrl('/zoho/callback')(seen) && now.status === 400,
    appendSpace,
  ),
  'bytes-method': changeResponse((seen) => isRequest(seen, 'PUT', '/zoho/disconnect'), appendSpace),
  'bytes-gate-page': changeResponse(
    hasUrl('/candidates?x=1'),
    changeHeaders({
      location: 'https://app.example.com/zoho/connect?returnTo=%2Fcandidates%3Fx%3D1',
    }),
  ),
  'bytes-gate-problem': changeResponse(
    (seen, now) => hasUrl('/candidates')(seen) && now.status === 401,
    appendSpace,
  ),
  'bytes-empty': changeResponse(
    (seen, now) => seen.header('sec-purpose') === 'prefetch' && now.status === 503,
    changeHeaders({ 'content-type': 'text/plain' }),
  ),
}
