import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorDetails,
} from '../errors/recruit-oauth-error.ts'
import { runInBackground } from '../client/background.ts'
import { createConnection } from '../client/connection.ts'
import { beginAuthorization } from '../client/consent/begin.ts'
import { completeAuthorization } from '../client/consent/callback.ts'
import type { Configuration } from '../config/configure.ts'
import { safeReturnTo } from '../config/return-to.ts'
import { bindingCookie, clearedCookie, clearedForOneMore, readCookie } from './cookies.ts'
import { page } from './pages.ts'
import { problemResponse } from './problem.ts'
import { isPrefetch, requestSite, refuseCrossSite } from './request-checks.ts'
import { isNavigation, redirect, respond } from './responses.ts'
import { targetOf } from './target.ts'
import { findConnection, resolveConnection, type RouteContext } from './context.ts'

const routes = { connect: 'GET, POST', callback: 'GET', disconnect: 'POST' } as const
type Route = keyof typeof routes

/** Answers the three routes; `undefined` means: not mine. */
export const handle = async (context: RouteContext): Promise<Response | undefined> => {
  const { client, request } = context
  const route = routeOf(client.config, request)
  if (!route) return undefined
  try {
    // HEAD is no GET here: link scanners send it, and it must not begin or spend anything.
    if (!routes[route].split(', ').includes(request.method))
      return problemResponse(client, request, new RecruitOAuthError('method-not-allowed'), {
        headers: { allow: routes[route] },
      })
    if (isPrefetch(request)) return respond(204)
    const answer = { connect, callback, disconnect }[route](context)
    // A browser that goes away leaves no code spent in vain, and no revocation half done.
    runInBackground(context.waitUntil, answer)
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

const connect = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const { config } = client
  const query = new URLSearchParams(targetOf(request).query)
  const dataCenter = query.get('dataCenter')
  const asks = request.method === 'POST'
  if (asks) refuseCrossSite(request, config)
  else if (requestSite(request) === 'cross') {
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
  const ref = await resolveConnection(context)
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

const callback = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const result = await completeAuthorization(client, {
    dangerousQuery: targetOf(request).query,
    readCookie: (name) => readCookie(request, name),
    resolveUser: () => findConnection(context),
  })
  if (result.type === 'connected')
    return redirect(result.returnTo, [clearedCookie(result.cookieName)])
  const { error, cookieName, isWrongUser } = result
  // After a navigation from Zoho, the app's own `SameSite=Strict` cookie is missing, so nobody
  // seems to be signed in. The page reloads itself; that request comes from this site, with all
  // cookies.
  if (isWrongUser && requestSite(request) === 'cross' && isNavigation(request))
    return page({ ...confirmPage, reloads: true })
  const headers = cookieName === undefined ? {} : { 'set-cookie': clearedCookie(cookieName) }
  return problemResponse(client, request, withoutRetry(error), { headers })
}

/** The cookie is gone by now: requesting the same address again would lead nowhere. */
const withoutRetry = (error: RecruitOAuthError): RecruitOAuthError =>
  error.remedy === 'retry'
    ? new RecruitOAuthError(error.code, { ...(error as ErrorDetails), remedy: 'ask-consent' })
    : error

const disconnect = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  refuseCrossSite(request, client.config)
  const returnTo = new URLSearchParams(targetOf(request).query).get('returnTo')
  const { id } = await resolveConnection(context)
  await createConnection(client, id, context.waitUntil).revoke()
  if (!isNavigation(request)) return respond(204)
  return redirect(safeReturnTo(returnTo) ?? client.config.defaultReturnTo)
}
