import { setTimeout } from 'node:timers/promises'
import {
  changeResponse,
  changeBody,
  changeCookies,
  changeHeaders,
  changeOptions,
  isPage,
  path,
  changeStatus,
  hasNoSession,
  type Breakage,
  type SeenRequest,
} from './seams.ts'

// For each case one defect that only that case detects.

const isConnect = (seen: SeenRequest) => path(seen) === '/zoho/connect'
const isCallback = (seen: SeenRequest) => path(seen) === '/zoho/callback'
const isDisconnect = (seen: SeenRequest) => path(seen) === '/zoho/disconnect'
const isCandidates = (seen: SeenRequest) => path(seen) === '/candidates'
const query = ({ url }: SeenRequest) => new URLSearchParams(url.split('?')[1])
const contentType = (seen: SeenRequest) => seen.header('content-type')

export const lifeCycle: Readonly<Record<string, Breakage>> = {
  'whole-life': changeResponse(
    ({ url }, now) => url === '/candidates?page=2' && now.status === 303,
    changeHeaders({ location: '/zoho/connect?returnTo=%2Fcandidates' }),
  ),
  'other-data-center': changeResponse(
    (seen, now) =>
      isCallback(seen) &&
      now.status === 303 &&
      query(seen).get('location') === 'eu' &&
      seen.cookie.includes('alice'),
    changeStatus(502),
  ),
  'fetch-forwards-429': changeResponse((_, { status }) => status === 429, changeStatus(502)),
  'expired-in-other-words': changeOptions(() => true, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url, init)
      const text = await response.text()
      // The adapter's app does not recognise the error, because it has another name.
      const isRejection = response.status === 200 && text.startsWith('{"code":"INVALID_TOKEN"')
      return new Response(isRejection ? text.replace('INVALID_TOKEN', 'OTHER') : text || null, {
        status: response.status,
        headers: response.headers,
      })
    },
  }),
  'one-refresh-for-forty': (parts) => {
    let requests = 0
    return {
      ...parts,
      async guard(message, app, scopes) {
        if (++requests === 30) {
          // Without the wait, this refresh would join the refresh of the other requests.
          await setTimeout(1_000)
          await app.zoho.connection('acme').refresh()
        }
        return parts.guard(message, app, scopes)
      },
    }
  },
  'connects-again': (parts) => {
    let ended = false
    return changeResponse((seen, now) => {
      ended ||= isDisconnect(seen) && now.status === 303
      return ended && isCandidates(seen) && now.status === 200 && seen.cookie.includes('alice')
    }, changeStatus(401))(parts)
  },
  // The list of a client has a connection of another client.
  'two-clients': changeResponse(
    (seen, _, text) => path(seen) === '/second/connections' && text === '[]',
    changeBody(() => '["acme"]'),
  ),
  'two-guards': (parts) => {
    // The second guard gets the connection of the first one.
    const connections = new WeakMap<object, Awaited<ReturnType<typeof parts.guard>>>()
    return {
      ...parts,
      async guard(message, app, scopes) {
        const connection = await parts.guard(message, app, scopes)
        if (connection instanceof Response) return connection
        const first = connections.get(message) ?? connection
        connections.set(message, first)
        return first
      },
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
  'refused-at-zoho': changeResponse(
    (_, __, text) => text.includes('consent-refused'),
    changeBody((text, seen) => text + (query(seen).get('error_description') ?? '')),
  ),
  'revoked-by-user': changeResponse(
    (_, __, text) => text.includes('"needs-consent"'),
    changeStatus(403),
  ),
  'cookie-goes': changeResponse(
    (_, { headers: sent }) => sent.get('location') === '/done',
    changeHeaders({ 'set-cookie': undefined }),
  ),
}

export const connecting: Readonly<Record<string, Breakage>> = {
  'connect-redirects': changeResponse(
    (seen, now) => isConnect(seen) && now.status === 303,
    (now, text) =>
      changeHeaders({ location: `${now.headers.get('location')}&approval_prompt=force` })(
        now,
        text,
      ),
  ),
  'connect-cookie': changeResponse(
    (seen, now) => isConnect(seen) && now.status === 303,
    changeCookies((cookie) => cookie.replace('Max-Age=600', 'Max-Age=86400')),
  ),
  'connect-keeps-app-cookie': (parts) => ({
    ...parts,
    write(response, target, message) {
      if (message.method === 'GET' && message.url?.startsWith('/zoho/connect'))
        target.removeHeader('set-cookie')
      return parts.write(response, target, message)
    },
  }),
  'connect-posts-url': changeResponse(
    (seen, now) =>
      isConnect(seen) &&
      now.status === 200 &&
      seen.header('origin') !== undefined &&
      contentType(seen) === undefined,
    changeHeaders({ 'content-type': 'text/plain' }),
  ),
  'connect-posts-page': changeResponse(
    (seen, now) =>
      isConnect(seen) &&
      seen.method === 'POST' &&
      isPage(seen) &&
      contentType(seen) === undefined &&
      now.status === 303,
    (now, text) => new Response(text, { status: 302, headers: now.headers }),
  ),
  'connect-refuses-foreign-post': changeResponse(
    (seen) => isConnect(seen) && seen.header('origin') === 'https://evil.example',
    changeStatus(204),
  ),
  'connect-refuses-foreign-image': changeResponse(
    (seen) => seen.header('sec-fetch-dest') === 'image',
    changeStatus(200),
  ),
  'connect-confirms-foreign-link': changeResponse(
    (seen) => isConnect(seen) && seen.header('sec-fetch-dest') === 'document',
    changeBody((text) => text.replace('returnTo', 'next')),
  ),
  'connect-refuses-foreign-return': changeResponse(
    (seen, now) => isConnect(seen) && now.status === 400 && query(seen).has('returnTo'),
    (now, text) =>
      new Response(text, {
        status: 400,
        headers: { location: 'https://evil.example', ...Object.fromEntries(now.headers) },
      }),
  ),
  'connect-returns-with-query': changeResponse(
    (_, { headers: sent }) => sent.get('location')?.startsWith('/candidates?page=2&q') === true,
    changeHeaders({ location: '/candidates' }),
  ),
  'connect-data-center': changeResponse(
    (seen) => query(seen).get('dataCenter') === 'evil.example',
    changeStatus(500),
  ),
  'connect-signed-out': changeResponse(
    (seen, now) => isConnect(seen) && hasNoSession(seen) && now.status === 401,
    changeStatus(403),
  ),
  'connect-prefetch': changeResponse(
    (seen) => seen.header('purpose') === 'prefetch',
    changeStatus(200),
  ),
  'connect-tabs': changeResponse(
    (_, { headers: sent }) => sent.get('location') === '/first',
    changeHeaders({ location: '/' }),
  ),
}
