import type { Connection } from '@zrecruit/oauth-core'
import {
  answering,
  body,
  cookies,
  creating,
  headers,
  path,
  status,
  withoutSession,
  type Breakage,
  type Seen,
} from './seams.ts'

const candidates = (seen: Seen) => path(seen) === '/candidates'
const users = (seen: Seen) => path(seen) === '/users'
const at = (address: string) => (seen: Seen) => seen.url === address
const sends = (seen: Seen, method: string, to: string) =>
  seen.method === method && path(seen) === to
const type = (seen: Seen) => seen.header('content-type')

export const gate: Readonly<Record<string, Breakage>> = {
  'gate-page': answering(
    at('/candidates?a=1&b=%2F'),
    headers({ location: '/zoho/connect?returnTo=%2Fcandidates' }),
  ),
  'gate-script': answering(at('/candidates?script'), headers({ 'cache-control': undefined })),
  'gate-fetch-of-a-browser': answering(
    (seen) => candidates(seen) && seen.header('sec-fetch-mode') === 'cors',
    status(303),
  ),
  'gate-signed-out': answering((seen) => candidates(seen) && withoutSession(seen), status(403)),
  'gate-scopes': answering(
    users,
    body((text) => text.replace('missingScopes', 'missing')),
  ),
  'gate-scopes-granted': answering((seen, now) => users(seen) && now.status === 200, status(403)),
  'gate-head': answering((seen) => sends(seen, 'HEAD', '/candidates'), status(200)),
  'gate-own-error': answering(
    at('/gated-failure'),
    body(() => 'Internal Server Error'),
  ),
  'gate-session-error': answering(
    (seen) => candidates(seen) && seen.cookie.includes('broken'),
    status(401),
  ),
  'routes-session-error': answering(
    (seen) => seen.url.startsWith('/zoho') && seen.cookie.includes('broken'),
    status(401),
  ),
  'own-failure': answering(
    at('/failure'),
    body(() => 'Internal Server Error'),
  ),
  'library-error': answering(at('/job'), status(500)),
  'gate-throttled': answering(
    (_, now) => now.status === 401,
    body((text) => text.replace('INVALID_TOKEN', 'other')),
  ),
  'gate-hands-on': answering(
    at('/candidates?handed=on'),
    headers({ 'content-encoding': 'identity' }),
  ),
  'not-the-gate': answering((seen) => sends(seen, 'POST', '/elsewhere'), status(405)),
}

/** As many frameworks' guards do: they compare the path that `URL` normalized. */
export const opensByNormalizedPath: Breakage = (parts) => ({
  ...parts,
  gate: (message, app, scopes) => {
    const normalized = URL.parse(message.url ?? '', 'http://localhost')?.pathname
    const isRoute = /^\/zoho\/(connect|callback|disconnect)$/.test(normalized ?? '')
    return isRoute ? Promise.resolve({} as Connection) : parts.gate(message, app, scopes)
  },
})

export const wholeApp: Readonly<Record<string, Breakage>> = {
  'whole-app-opens': answering(at('/anything'), status(403)),
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
  'disconnect-script': answering(
    (seen, now) =>
      sends(seen, 'POST', '/zoho/disconnect') && now.status === 204 && type(seen) === undefined,
    headers({ 'content-type': 'text/plain' }),
  ),
  'disconnect-returns': answering(
    at('/zoho/disconnect?returnTo=%2Fsettings'),
    headers({ location: '/' }),
  ),
  'disconnect-default-return': creating(({ defaultReturnTo }) => defaultReturnTo !== undefined, {
    defaultReturnTo: '/',
  }),
  'disconnect-get': answering(
    (seen) => sends(seen, 'GET', '/zoho/disconnect'),
    headers({ allow: undefined }),
  ),
  'disconnect-foreign-origin': answering(
    (seen) =>
      path(seen) === '/zoho/disconnect' &&
      seen.header('origin') === 'https://evil.example' &&
      seen.header('host') === 'app.example.com',
    status(204),
  ),
  'disconnect-foreign-fetch-site': answering(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('sec-fetch-site') === 'same-site',
    status(204),
  ),
  'disconnect-no-referrer': answering(
    (seen) => seen.header('origin') === 'null' && seen.header('sec-fetch-site') === 'same-origin',
    status(403),
  ),
  'disconnect-signed-out': answering(
    (seen) => path(seen) === '/zoho/disconnect' && withoutSession(seen),
    status(204),
  ),
  'disconnect-pending': answering(
    (seen, now) => path(seen) === '/zoho/disconnect' && now.status === 502,
    status(204),
  ),
}

const lies = (seen: Seen) => seen.header('x-forwarded-host') !== undefined

export const addresses: Readonly<Record<string, Breakage>> = {
  'lying-proxy-connect': answering(
    (seen) => lies(seen) && path(seen) === '/zoho/connect',
    headers({ 'x-served-by': 'evil.example' }),
  ),
  'lying-proxy-callback': answering(
    (seen) => lies(seen) && path(seen) === '/zoho/callback',
    headers({ location: 'http://evil.example/' }),
  ),
  'lying-proxy-gate': answering(
    (seen) => lies(seen) && candidates(seen),
    body((text) => text.replace('app.example.com', 'evil.example')),
  ),
  'lying-proxy-origin': answering(
    (seen) => path(seen) === '/zoho/disconnect' && seen.header('host') === 'evil.example',
    status(204),
  ),
  'plain-http-behind-tls': answering(
    (seen) => seen.header('x-forwarded-proto') === 'https',
    cookies((cookie) => cookie.replace('; Secure', '')),
  ),
  'loopback-http': answering(
    (seen) => seen.header('host') === 'localhost:3000',
    cookies((cookie) => `${cookie}; Secure`),
  ),
  'deep-mount': answering((seen) => seen.url.startsWith('/api/v2'), status(404)),
  'callback-named-otherwise': answering(
    (seen) => path(seen) === '/zoho/oauth2callback',
    status(404),
  ),
  'mounted-twice': answering(at('/other/connect'), status(303)),
  'stripped-prefix': creating(({ mountPath }) => mountPath === '/zoho', { mountPath: undefined }),
  'query-on-mount': answering((seen) => seen.url.includes('utm_source'), status(404)),
}

export const beside: Readonly<Record<string, Breakage>> = {
  'falls-through-below': answering(at('/zoho/else'), status(500)),
  'falls-through-alike': answering(at('/zoho/CONNECT'), status(303)),
  'falls-through-methods': answering(
    (seen) => seen.method === 'PATCH',
    headers({ allow: undefined }),
  ),
  'answers-are-private': answering(
    (_, { headers: sent }) => sent.get('location') === '/private',
    headers({ 'referrer-policy': undefined }),
  ),
  'pages-are-static': answering(
    (seen) => seen.url.includes('error=%3Cb'),
    headers({ 'content-security-policy': undefined }),
  ),
  'body-form': answering((seen) => type(seen) === 'application/x-www-form-urlencoded', status(415)),
  'body-json': answering(
    (seen) => type(seen) === 'application/json' && seen.url.startsWith('/zoho'),
    status(415),
  ),
  'body-of-the-app': answering(
    at('/echo'),
    body((text) => text.toUpperCase()),
  ),
  'cookies-of-the-app': answering((seen) => seen.cookie.includes('big='), status(431)),
}

const more = body((text) => `${text} `)

export const bytes: Readonly<Record<string, Breakage>> = {
  'bytes-page': answering(at('/zoho/callback?state=x'), more),
  'bytes-problem': answering((seen, now) => at('/zoho/callback')(seen) && now.status === 400, more),
  'bytes-method': answering((seen) => sends(seen, 'PUT', '/zoho/disconnect'), more),
  'bytes-gate-page': answering(
    at('/candidates?x=1'),
    headers({ location: 'https://app.example.com/zoho/connect?returnTo=%2Fcandidates%3Fx%3D1' }),
  ),
  'bytes-gate-problem': answering(
    (seen, now) => at('/candidates')(seen) && now.status === 401,
    more,
  ),
  'bytes-empty': answering(
    (seen, now) => seen.header('sec-purpose') === 'prefetch' && now.status === 204,
    headers({ 'content-type': 'text/plain' }),
  ),
}

const right = {
  clientId: '1000.CLIENT',
  clientSecret: 'secret',
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL'],
  encryptionKeys: undefined,
  dataCenter: 'us',
  mountPath: undefined,
} as const
const forgives = (option: keyof typeof right, wrong: string): Breakage =>
  creating((options) => String(options[option]) === wrong, { [option]: right[option] })

/** The option is put right in silence. */
export const options: Readonly<Record<string, Breakage>> = {
  'option-client-id': forgives('clientId', 'undefined'),
  'option-client-secret': forgives('clientSecret', 'undefined'),
  'option-redirect-uri': forgives('redirectUri', '/zoho/callback'),
  'option-redirect-uri-plain': forgives('redirectUri', 'http://app.example.com/zoho/callback'),
  'option-scopes': forgives('scopes', ''),
  'option-scopes-wrong': forgives('scopes', 'ZohoRecruit.modules.ALL,evil'),
  'option-keys': forgives('encryptionKeys', 'c2hvcnQ='),
  'option-data-center': forgives('dataCenter', 'mars'),
  'option-mount-path': forgives('mountPath', '/auth'),
}
