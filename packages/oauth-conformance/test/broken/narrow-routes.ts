import type { Connection } from '@zrecruit/oauth-core'
import {
  changeAnswer,
  body,
  cookies,
  changeOptions,
  headers,
  path,
  status,
  withoutSession,
  type Breakage,
  type SeenRequest,
} from './seams.ts'

const candidates = (seen: SeenRequest) => path(seen) === '/candidates'

const users = (seen: SeenRequest) => path(seen) === '/users'

const at = (address: string) => (seen: SeenRequest) => seen.url === address

const sends = (seen: SeenRequest, method: string, to: string) =>
  seen.method === method && path(seen) === to

const type = (seen: SeenRequest) => seen.header('content-type')

export const gate: Readonly<Record<string, Breakage>> = {
  'gate-page': changeAnswer(
    at('/candidates?a=1&b=%2F'),
    headers({ location: '/zoho/connect?returnTo=%2Fcandidates' }),
  ),
  'gate-script': changeAnswer(at('/candidates?script'), headers({ 'cache-control': undefined })),
  'gate-fetch-of-a-browser': changeAnswer(
    (seen) => candidates(seen) && seen.header('sec-fetch-mode') === 'cors',
    status(303),
  ),
  'gate-signed-out': changeAnswer((seen) => candidates(seen) && withoutSession(seen), status(403)),
  'gate-scopes': changeAnswer(
    users,
    body((text) => text.replace('missingScopes', 'missing')),
  ),
  'gate-scopes-granted': changeAnswer(
    (seen, now) => users(seen) && now.status === 200,
    status(403),
  ),
  'gate-head': changeAnswer((seen) => sends(seen, 'HEAD', '/candidates'), status(200)),
  'gate-own-error': changeAnswer(
    at('/gated-failure'),
    body(() => 'Internal Server Error'),
  ),
  'gate-session-error': changeAnswer(
    (seen) => candidates(seen) && seen.cookie.includes('broken'),
    status(401),
  ),
  'routes-session-error': changeAnswer(
    (seen) => seen.url.startsWith('/zoho') && seen.cookie.includes('broken'),
    status(401),
  ),
  'own-failure': changeAnswer(
    at('/failure'),
    body(() => 'Internal Server Error'),
  ),
  'library-error': changeAnswer(at('/job'), status(500)),
  'gate-throttled': changeAnswer(
    (_, now) => now.status === 401,
    body((text) => text.replace('INVALID_TOKEN', 'other')),
  ),
  'gate-hands-on': changeAnswer(
    at('/candidates?handed=on'),
    headers({ 'content-encoding': 'identity' }),
  ),
  'not-the-gate': changeAnswer((seen) => sends(seen, 'POST', '/elsewhere'), status(405)),
}

/** Compares the path after normalization by `URL`, as guards of many frameworks do. */
export const opensByNormalizedPath: Breakage = (parts) => ({
  ...parts,
  gate: (message, app, scopes) => {
    const normalized = URL.parse(message.url ?? '', 'http://localhost')?.pathname
    const isRoute = /^\/zoho\/(connect|callback|disconnect)$/.test(normalized ?? '')
    return isRoute ? Promise.resolve({} as Connection) : parts.gate(message, app, scopes)
  },
})

export const wholeApp: Readonly<Record<string, Breakage>> = {
  'whole-app-opens': changeAnswer(at('/anything'), status(403)),
  'whole-app-spellings': opensByNormalizedPath,
  'whole-app-shadowed': (parts) => ({
    ...parts,
    async answer(message, app) {
      const shadows = app.settings.wholeApp === 'handler-first' && message.method === 'PUT'
      return shadows ? new Response('protected body') : parts.answer(message, app)
    },
  }),
}

export const disconnecting: Readonly<Record<string, Breakage>> = {
  'disconnect-script': changeAnswer(
    (seen, now) =>
      sends(seen, 'POST', '/zoho/disconnect') && now.status === 204 && type(seen) === undefined,
    headers({ 'content-type': 'text/plain' }),
  ),
  'disconnect-returns': changeAnswer(
    at('/zoho/disconnect?returnTo=%2Fsettings'),
    headers({ location: '/' }),
  ),
  'disconnect-default-return': changeOptions(
    ({ defaultReturnTo }) => defaultReturnTo !== undefined,
    {
      defaultReturnTo: '/',
    },
  ),
  'disconnect-get': changeAnswer(
    (seen) => sends(seen, 'GET', '/zoho/disconnect'),
    headers({ allow: undefined }),
  ),
  'disconnect-foreign-origin': changeAnswer(
    (seen) =>
      path(seen) === '/zoho/disconnect' &&
      seen.header('origin') === 'https://evil.example' &&
      seen.header('host') === 'app.example.com',
    status(204),
  ),
  'disconnect-foreign-fetch-site': changeAnswer(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('sec-fetch-site') === 'same-site',
    status(204),
  ),
  'disconnect-no-referrer': changeAnswer(
    (seen) => seen.header('origin') === 'null' && seen.header('sec-fetch-site') === 'same-origin',
    status(403),
  ),
  'disconnect-signed-out': changeAnswer(
    (seen) => path(seen) === '/zoho/disconnect' && withoutSession(seen),
    status(204),
  ),
  'disconnect-pending': changeAnswer(
    (seen, now) => path(seen) === '/zoho/disconnect' && now.status === 502,
    status(204),
  ),
}

const isForged = (seen: SeenRequest) => seen.header('x-forwarded-host') !== undefined

export const addresses: Readonly<Record<string, Breakage>> = {
  'lying-proxy-connect': changeAnswer(
    (seen) => isForged(seen) && path(seen) === '/zoho/connect',
    headers({ 'x-served-by': 'evil.example' }),
  ),
  'lying-proxy-callback': changeAnswer(
    (seen) => isForged(seen) && path(seen) === '/zoho/callback',
    headers({ location: 'http://evil.example/' }),
  ),
  'lying-proxy-gate': changeAnswer(
    (seen) => isForged(seen) && candidates(seen),
    body((text) => text.replace('app.example.com', 'evil.example')),
  ),
  'lying-proxy-origin': changeAnswer(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('host') === 'evil.example',
    status(204),
  ),
  'plain-http-behind-tls': changeAnswer(
    (seen) => seen.header('x-forwarded-proto') === 'https',
    cookies((cookie) => cookie.replace('; Secure', '')),
  ),
  'loopback-http': changeAnswer(
    (seen) => seen.header('host') === 'localhost:3000',
    cookies((cookie) => `${cookie}; Secure`),
  ),
  'deep-mount': changeAnswer((seen) => seen.url.startsWith('/api/v2'), status(404)),
  'callback-named-otherwise': changeAnswer(
    (seen) => path(seen) === '/zoho/oauth2callback',
    status(404),
  ),
  'mounted-twice': changeAnswer(at('/other/connect'), status(303)),
  'stripped-prefix': changeOptions(({ mountPath }) => mountPath === '/zoho', {
    mountPath: undefined,
  }),
  'query-on-mount': changeAnswer((seen) => seen.url.includes('utm_source'), status(404)),
}

export const otherRoutes: Readonly<Record<string, Breakage>> = {
  'falls-through-below': changeAnswer(at('/zoho/else'), status(500)),
  'falls-through-alike': changeAnswer(at('/zoho/CONNECT'), status(303)),
  'falls-through-methods': changeAnswer(
    (seen) => seen.method === 'PATCH',
    headers({ allow: undefined }),
  ),
  'answers-are-private': changeAnswer(
    (_, { headers: sent }) => sent.get('location') === '/private',
    headers({ 'referrer-policy': undefined }),
  ),
  'pages-are-static': changeAnswer(
    (seen) => seen.url.includes('error=%3Cb'),
    headers({ 'content-security-policy': undefined }),
  ),
  'body-form': changeAnswer(
    (seen) => type(seen) === 'application/x-www-form-urlencoded',
    status(415),
  ),
  'body-json': changeAnswer(
    (seen) => type(seen) === 'application/json' && seen.url.startsWith('/zoho'),
    status(415),
  ),
  'body-of-the-app': changeAnswer(
    at('/echo'),
    body((text) => text.toUpperCase()),
  ),
  'cookies-of-the-app': changeAnswer((seen) => seen.cookie.includes('big='), status(431)),
}

const more = body((text) => `${text} `)

export const bytes: Readonly<Record<string, Breakage>> = {
  'bytes-page': changeAnswer(at('/zoho/callback?state=x'), more),
  'bytes-problem': changeAnswer(
    (seen, now) => at('/zoho/callback')(seen) && now.status === 400,
    more,
  ),
  'bytes-method': changeAnswer((seen) => sends(seen, 'PUT', '/zoho/disconnect'), more),
  'bytes-gate-page': changeAnswer(
    at('/candidates?x=1'),
    headers({ location: 'https://app.example.com/zoho/connect?returnTo=%2Fcandidates%3Fx%3D1' }),
  ),
  'bytes-gate-problem': changeAnswer(
    (seen, now) => at('/candidates')(seen) && now.status === 401,
    more,
  ),
  'bytes-empty': changeAnswer(
    (seen, now) => seen.header('sec-purpose') === 'prefetch' && now.status === 204,
    headers({ 'content-type': 'text/plain' }),
  ),
}
