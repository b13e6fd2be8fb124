import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorDetails,
} from '../errors/recruit-oauth-error.ts'
import { runInBackground } from '../client/background.ts'
import { createConnection } from '../client/connection.ts'
import { beginAuthorization } from '../client/consent/begin.ts'
import { cookieNameOf, openBinding } from '../client/consent/browser-binding.ts'
import { completeAuthorization } from '../client/consent/callback.ts'
import { readCallback } from '../client/consent/read-callback.ts'
import type { Configuration } from '../config/configure.ts'
import { safeReturnTo } from '../config/return-to.ts'
import { bindingCookie, clearedCookie, clearedForOneMore, readCookie } from './cookies.ts'
import { page } from './pages.ts'
import { problemResponse } from './problem.ts'
import { isPrefetch, requestSite, refuseCrossSite } from './request-checks.ts'
import { isNavigation, redirect, respond } from './responses.ts'
import { targetOf } from './target.ts'
import { resolveConnection, type RouteContext } from './context.ts'

const routes = { connect: 'GET, POST', callback: 'GET', disconnect: 'POST' } as const
type Route = keyof typeof routes

/** Answers the three routes; `undefined` means: not mine. */
export const handle = async (visit: RouteContext): Promise<Response | undefined> => {
  const { client, request } = visit
  const route = routeOf(client.config, request)
  if (!route) return undefined
  try {
    // HEAD is no GET here: link scanners send it, and it must not begin or spend anything.
    if (!routes[route].split(', ').includes(request.method))
      return problemResponse(client, request, new RecruitOAuthError('method-not-allowed'), {
        headers: { allow: routes[route] },
      })
    if (isPrefetch(request)) return respond(204)
    const answer = { connect, callback, disconnect }[route](visit)
    // A browser that goes away leaves no code spent in vain, and no revocation half done.
    runInBackground(visit.waitUntil, answer)
    return await answer
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error // The app's own: `connectionFor` failed.
    return problemResponse(client, request, error)
  }
}

/** Paths of the routes below their mount. */
export const pathsOf = ({ redirectUri }: Configuration) => ({
  connect: '/connect',
  callback: redirectUri.slice(redirectUri.lastIndexOf('/')),
  disconnect: '/disconnect',
})

/** The route whose path is the path of the request, byte for byte. */
export const routeOf = (config: Configuration, request: Request): Route | undefined => {
  const { path } = targetOf(request)
  const paths = pathsOf(config)
  return (Object.keys(routes) as Route[]).find((route) => path === config.mountPath + paths[route])
}

const connect = async (visit: RouteContext): Promise<Response> => {
  const { client, request } = visit
  const { config } = client
  const query = new URLSearchParams(targetOf(request).query)
  const dataCenter = query.get('dataCenter')
  const asks = request.method === 'POST'
  if (asks) refuseCrossSite(request, config)
  else if (requestSite(request) === 'elsewhere') {
    // A person who came by a link elsewhere confirms here; an image or a script elsewhere gets
    // nothing.
    if (!isNavigation(request) || request.headers.get('sec-fetch-dest') === 'iframe')
      throw new RecruitOAuthError('cross-site-request')
    const returnTo = safeReturnTo(query.get('returnTo')) ?? config.defaultReturnTo
    const kept = new URLSearchParams({
      returnTo,
      ...(dataCenter !== null && Object.hasOwn(config.dataCenters, dataCenter) && { dataCenter }),
    })
    return page({
      ...confirmPage,
      link: { href: `${config.publicPath}/connect?${kept}`, label: 'Continue' },
    })
  }
  const ref = await resolveConnection(visit)
  const { url, cookie } = await beginAuthorization(
    client,
    dataCenter === null ? ref : { ...ref, dataCenter },
    { returnTo: query.get('returnTo') ?? undefined },
  )
  const cookies = [...clearedForOneMore(request, cookie), bindingCookie(cookie)]
  return asks && !isNavigation(request)
    ? respond(200, { 'content-type': 'application/json' }, JSON.stringify({ url }), cookies)
    : redirect(url, cookies)
}

const confirmPage = {
  status: 200,
  title: 'Connect Zoho Recruit',
  text: 'Another site sent you here.',
}

const callback = async (visit: RouteContext): Promise<Response> => {
  const { client, request } = visit
  let headers = {}
  try {
    const received = readCallback(targetOf(request).query)
    const name = await cookieNameOf(client.config, received.state)
    const cookie = readCookie(request, name)
    if (cookie === 'repeated') throw new RecruitOAuthError('callback-malformed')
    // From here on it goes, whatever comes of it.
    if (cookie) headers = { 'set-cookie': clearedCookie(name) }
    const binding = cookie && (await openBinding(client.config, name, cookie.value))
    if (!binding) throw new RecruitOAuthError('callback-unbound')
    const { connection: id, principal } = binding
    await completeAuthorization(
      client,
      received,
      binding,
      client.config.callbackIdentity === 'cookie'
        ? { id, principal }
        : await resolveConnection(visit),
    )
    return redirect(binding.returnTo, [clearedCookie(name)])
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    // Nobody is signed in, or somebody else: so it looks also where the app's own cookie is
    // `SameSite=Strict` and Zoho sent the browser. Nothing is spent yet. The page asks for itself
    // again: then this site asks, and all of its cookies come along.
    if (
      error.code.startsWith('principal-') &&
      requestSite(request) === 'elsewhere' &&
      isNavigation(request)
    )
      return page({ ...confirmPage, reloads: true })
    // The cookie is gone by then: asking for the same address again would lead nowhere.
    const publicError =
      error.remedy === 'retry'
        ? new RecruitOAuthError(error.code, { ...(error as ErrorDetails), remedy: 'ask-consent' })
        : error
    return problemResponse(client, request, publicError, { headers })
  }
}

const disconnect = async (visit: RouteContext): Promise<Response> => {
  const { client, request } = visit
  refuseCrossSite(request, client.config)
  const returnTo = new URLSearchParams(targetOf(request).query).get('returnTo')
  const { id } = await resolveConnection(visit)
  await createConnection(client, id, visit.waitUntil).revoke()
  if (!isNavigation(request)) return respond(204)
  return redirect(safeReturnTo(returnTo) ?? client.config.defaultReturnTo)
}
