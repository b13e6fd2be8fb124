import {
  changeResponse,
  changeBody,
  changeOptions,
  changeHeaders,
  path,
  changeStatus,
  hasNoSession,
  type Breakage,
  type SeenRequest,
} from './seams.ts'

// For each case of the callback one defect that only that case detects.

const isCallback = (seen: SeenRequest) => path(seen) === '/zoho/callback'
const query = ({ url }: SeenRequest) => new URLSearchParams(url.split('?')[1])

/** Accepts matching callbacks that core refuses. */
const acceptCallback = (matches: (seen: SeenRequest, text: string) => boolean): Breakage =>
  changeResponse(
    (seen, { status: now }, text) => isCallback(seen) && now >= 400 && matches(seen, text),
    changeStatus(303),
  )

/** Refuses callbacks that run at the same time as another one. */
const failConcurrent: Breakage = (parts) => {
  let count = 0
  return {
    ...parts,
    async handle(message, app) {
      if (!message.url?.startsWith('/zoho/callback')) return parts.handle(message, app)
      const concurrent = ++count
      const response = await parts.handle(message, app)
      count--
      return concurrent > 1 ? new Response('failed', { status: 400 }) : response
    },
  }
}

export const callbacks: Readonly<Record<string, Breakage>> = {
  'callback-clean-address': changeResponse(
    (seen, { headers: sent }) => isCallback(seen) && sent.get('location') === '/',
    changeHeaders({ 'cache-control': 'private' }),
  ),
  'callback-keeps-app-cookie': (parts) => ({
    ...parts,
    write(response, target, message) {
      if (message.url?.startsWith('/zoho/callback')) target.removeHeader('set-cookie')
      return parts.write(response, target, message)
    },
  }),
  'callback-other-state': acceptCallback((seen) => query(seen).get('state') === 'a'.repeat(43)),
  'callback-no-state': acceptCallback(
    (seen) => query(seen).has('code') && !query(seen).has('state'),
  ),
  'callback-two-codes': acceptCallback((seen) => query(seen).getAll('code').length === 2),
  'callback-two-servers': acceptCallback(
    (seen) => query(seen).getAll('accounts-server').length === 2,
  ),
  'callback-oversized': acceptCallback((seen) => query(seen).has('more')),
  'callback-foreign-server': acceptCallback(
    (seen) => query(seen).get('accounts-server')?.endsWith('.evil.example') === true,
  ),
  'callback-almost-server': acceptCallback(
    (seen) => query(seen).get('accounts-server')?.endsWith('/oauth') === true,
  ),
  'callback-mixed-data-centers': acceptCallback((_, text) => text.includes('data-center-mismatch')),
  'callback-server-slash': changeResponse(
    (seen, { status: now }) =>
      isCallback(seen) && now === 303 && query(seen).get('accounts-server')?.endsWith('/') === true,
    changeStatus(400),
  ),
  'callback-error-word': changeResponse(
    (seen) => isCallback(seen) && query(seen).get('error') === 'unauthorized_client',
    changeBody((text) => text.replace('<p>', '<p>unauthorized_client ')),
  ),
  'callback-issuer': acceptCallback((seen) => query(seen).has('iss')),
  'callback-token': acceptCallback((seen) => query(seen).has('access_token')),
  'callback-code-and-error': acceptCallback(
    (seen) => query(seen).has('code') && query(seen).has('error'),
  ),
  'callback-other-browser': acceptCallback(
    (seen, text) =>
      text.includes('callback-unbound') &&
      query(seen).get('state') !== 'a'.repeat(43) &&
      query(seen).has('code'),
  ),
  'callback-other-user': acceptCallback((seen) => seen.cookie.includes('mallory')),
  'callback-other-connection': acceptCallback((seen) => seen.cookie.includes('alice@globex')),
  'callback-signed-out': acceptCallback((seen) => hasNoSession(seen) && query(seen).has('code')),
  'callback-strict-session': changeResponse(
    (seen) => isCallback(seen) && seen.header('sec-fetch-site') === 'cross-site',
    changeBody((text) => text.replace('http-equiv', 'name')),
  ),
  'callback-binding-mode': changeOptions(({ callbackIdentity }) => callbackIdentity === 'cookie', {
    callbackIdentity: 'session',
  }),
  'callback-repeated-cookie': acceptCallback((seen) => seen.cookie.endsWith('=evil')),
  'callback-once': failConcurrent,
  'callback-repeated': changeResponse(
    (seen, { status: now }) => isCallback(seen) && now === 303 && seen.cookie.includes('zro-last='),
    changeHeaders({ location: '/' }),
  ),
  'callback-replayed': acceptCallback((_, text) => text.includes('callback-replayed')),
  'callback-head': changeResponse(
    (seen) => isCallback(seen) && seen.method === 'HEAD',
    changeHeaders({ allow: undefined }),
  ),
  'callback-prefetch': changeResponse(
    (seen) => isCallback(seen) && seen.header('sec-purpose') !== undefined,
    changeStatus(200),
  ),
  'callback-lost-exchange': changeResponse(
    (_, __, text) => text.includes('exchange-outcome-unknown'),
    changeBody((text) => text.replaceAll('exchange-outcome-unknown', 'error')),
  ),
}
