import { setTimeout } from 'node:timers/promises'
import {
  changeAnswer,
  body,
  cookies,
  changeOptions,
  headers,
  isPage,
  path,
  status,
  withoutSession,
  type Breakage,
  type SeenRequest,
} from './seams.ts'

// For each case one defect that only that case detects.

const connect = (seen: SeenRequest) => path(seen) === '/zoho/connect'
const callback = (seen: SeenRequest) => path(seen) === '/zoho/callback'
const disconnect = (seen: SeenRequest) => path(seen) === '/zoho/disconnect'
const candidates = (seen: SeenRequest) => path(seen) === '/candidates'
const query = ({ url }: SeenRequest) => new URLSearchParams(url.split('?')[1])
const type = (seen: SeenRequest) => seen.header('content-type')

/** A callback that core refuses is accepted. */
const acceptCallback = (matches: (seen: SeenRequest, text: string) => boolean): Breakage =>
  changeAnswer(
    (seen, { status: now }, text) => callback(seen) && now >= 400 && matches(seen, text),
    status(303),
  )

export const lifeCycle: Readonly<Record<string, Breakage>> = {
  'whole-life': changeAnswer(
    ({ url }, now) => url === '/candidates?page=2' && now.status === 303,
    headers({ location: '/zoho/connect?returnTo=%2Fcandidates' }),
  ),
  'other-data-center': changeAnswer(
    (seen, now) =>
      callback(seen) &&
      now.status === 303 &&
      query(seen).get('location') === 'eu' &&
      seen.cookie.includes('alice'),
    status(502),
  ),
  'one-refresh-for-forty': (parts) => {
    let requests = 0
    return {
      ...parts,
      async gate(message, app, scopes) {
        if (++requests === 30) {
          // Wait, because it would otherwise join the refresh of the other requests.
          await setTimeout(1_000)
          await app.zoho.connection('acme').refresh()
        }
        return parts.gate(message, app, scopes)
      },
    }
  },
  'connects-again': (parts) => {
    let ended = false
    return changeAnswer((seen, now) => {
      ended ||= disconnect(seen) && now.status === 303
      return ended && candidates(seen) && now.status === 200 && seen.cookie.includes('alice')
    }, status(401))(parts)
  },
  'two-clients': (parts) => {
    // Create only one client for the whole process.
    let only: ReturnType<typeof parts.create> | undefined
    return {
      ...parts,
      create: (options) =>
        options.store ? (only ??= parts.create(options)) : parts.create(options),
    }
  },
  'two-customers': (parts) => ({
    ...parts,
    connectionFor: (message) =>
      message.headers.cookie?.includes('bob@')
        ? { id: 'acme', principal: 'bob' }
        : parts.connectionFor(message),
  }),
  'colleagues-share': (parts) => ({
    ...parts,
    connectionFor: (message) =>
      message.headers.cookie?.includes('carol@')
        ? { id: 'carol', principal: 'carol' }
        : parts.connectionFor(message),
  }),
  'refused-at-zoho': changeAnswer(
    (_, __, text) => text.includes('consent-refused'),
    body((text, seen) => text + (query(seen).get('error_description') ?? '')),
  ),
  'revoked-by-user': changeAnswer((_, __, text) => text.includes('"needs-consent"'), status(403)),
  'cookie-goes': changeAnswer(
    (_, { headers: sent }) => sent.get('location') === '/done',
    headers({ 'set-cookie': undefined }),
  ),
}

export const connecting: Readonly<Record<string, Breakage>> = {
  'connect-redirects': changeAnswer(
    (seen, now) => connect(seen) && now.status === 303,
    (now, text) =>
      headers({ location: `${now.headers.get('location')}&approval_prompt=force` })(now, text),
  ),
  'connect-cookie': changeAnswer(
    connect,
    cookies((cookie) => cookie.replace('Max-Age=600', 'Max-Age=86400')),
  ),
  'connect-keeps-app-cookie': (parts) => ({
    ...parts,
    write(response, target, message) {
      if (message.method === 'GET' && message.url?.startsWith('/zoho/connect'))
        target.removeHeader('set-cookie')
      return parts.write(response, target, message)
    },
  }),
  'connect-posts-url': changeAnswer(
    (seen, now) =>
      connect(seen) &&
      now.status === 200 &&
      seen.header('origin') !== undefined &&
      type(seen) === undefined,
    headers({ 'content-type': 'text/plain' }),
  ),
  'connect-posts-page': changeAnswer(
    (seen) => connect(seen) && seen.method === 'POST' && isPage(seen) && type(seen) === undefined,
    (now, text) => new Response(text, { status: 302, headers: now.headers }),
  ),
  'connect-refuses-foreign-post': changeAnswer(
    (seen) => connect(seen) && seen.header('origin') === 'https://evil.example',
    status(204),
  ),
  'connect-refuses-foreign-image': changeAnswer(
    (seen) => seen.header('sec-fetch-dest') === 'image',
    status(200),
  ),
  'connect-confirms-foreign-link': changeAnswer(
    (seen) => connect(seen) && seen.header('sec-fetch-dest') === 'document',
    body((text) => text.replace('returnTo', 'next')),
  ),
  'connect-refuses-foreign-return': changeAnswer(
    (seen, now) => connect(seen) && now.status === 400,
    (now, text) =>
      new Response(text, {
        status: 400,
        headers: { location: 'https://evil.example', ...Object.fromEntries(now.headers) },
      }),
  ),
  'connect-returns-with-query': changeAnswer(
    (_, { headers: sent }) => sent.get('location')?.startsWith('/candidates?page=2&q') === true,
    headers({ location: '/candidates' }),
  ),
  'connect-data-center': changeAnswer(
    (seen) => query(seen).get('dataCenter') === 'evil.example',
    status(400),
  ),
  'connect-signed-out': changeAnswer((seen) => connect(seen) && withoutSession(seen), status(403)),
  'connect-prefetch': changeAnswer((seen) => seen.header('purpose') === 'prefetch', status(200)),
  'connect-tabs': changeAnswer(
    (_, { headers: sent }) => sent.get('location') === '/first',
    headers({ location: '/' }),
  ),
}

const inFlight =
  (matches: (count: number) => boolean): Breakage =>
  (parts) => {
    let count = 0
    return {
      ...parts,
      async answer(message, app) {
        if (!message.url?.startsWith('/zoho/callback')) return parts.answer(message, app)
        const concurrent = ++count
        const answer = await parts.answer(message, app)
        const replayed =
          answer !== undefined && (await answer.clone().text()).includes('callback-replayed')
        count--
        return replayed && matches(concurrent)
          ? new Response(null, { status: 303, headers: { location: '/' } })
          : answer
      },
    }
  }

export const callbacks: Readonly<Record<string, Breakage>> = {
  'callback-clean-address': changeAnswer(
    (seen, { headers: sent }) => callback(seen) && sent.get('location') === '/',
    headers({ 'cache-control': 'private' }),
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
    (seen) => query(seen).get('accounts-server')?.endsWith('/') === true,
  ),
  'callback-mixed-data-centers': acceptCallback((_, text) => text.includes('data-center-mismatch')),
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
  'callback-signed-out': acceptCallback((seen) => withoutSession(seen) && query(seen).has('code')),
  'callback-strict-session': changeAnswer(
    (seen) => callback(seen) && seen.header('sec-fetch-site') === 'cross-site',
    body((text) => text.replace('http-equiv', 'name')),
  ),
  'callback-binding-mode': changeOptions(({ callbackIdentity }) => callbackIdentity === 'cookie', {
    callbackIdentity: 'session',
  }),
  'callback-repeated-cookie': acceptCallback((seen) => seen.cookie.endsWith('=evil')),
  'callback-once': inFlight((count) => count > 1),
  'callback-replayed': inFlight((count) => count === 1),
  'callback-head': changeAnswer(
    (seen) => callback(seen) && seen.method === 'HEAD',
    headers({ allow: undefined }),
  ),
  'callback-prefetch': changeAnswer(
    (seen) => callback(seen) && seen.header('sec-purpose') !== undefined,
    status(200),
  ),
  'callback-lost-exchange': changeAnswer(
    (_, __, text) => text.includes('exchange-outcome-unknown'),
    body((text) => text.replaceAll('exchange-outcome-unknown', 'error')),
  ),
}
