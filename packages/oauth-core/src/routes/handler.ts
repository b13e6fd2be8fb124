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
import { bindingCookie, clearedCookie, clearOldBindings, readCookie } from './cookies.ts'
import { problemResponse } from './problem.ts'
import {
  findConnection,
  isNavigation,
  isPrefetch,
  refuseCrossSite,
  requestSite,
  findConnectionOrThrow,
  targetOf,
  type RouteContext,
} from './request.ts'
import { page, redirect, respond } from './responses.ts'

/**
 * The methods of each route. HEAD is not answered like GET: link scanners send it, and it must not
 * start an authorization request or use up a code.
 */
const allowedMethods = {
  connect: ['GET', 'POST'],
  callback: ['GET'],
  disconnect: ['POST'],
} as const satisfies Readonly<Record<string, readonly string[]>>

type Route = keyof typeof allowedMethods

/** Answers the three routes. `undefined`: the path is not one of them. */
export const handle = async (context: RouteContext): Promise<Response | undefined> => {
  const { client, request } = context
  const route = routeOf(client.config, request)
  if (!route) return undefined
  try {
    const methods: readonly string[] = allowedMethods[route]
    if (!methods.includes(request.method)) {
      const error = new RecruitOAuthError('method-not-allowed')
      return problemResponse(client, request, route, error, {
        headers: { allow: methods.join(', ') },
      })
    }
    if (isPrefetch(request)) return respond(204)
    const response = handlers[route](context)
    // `waitUntil` keeps the exchange or the revocation running even if the browser disconnects.
    runInBackground(context.waitUntil, response)
    return await response
  } catch (error) {
    // An error of the app, thrown by `connectionFor`.
    if (!isRecruitOAuthError(error)) throw error
    return problemResponse(client, request, route, error)
  }
}

/** The paths of the routes, relative to their mount path. */
export const pathsOf = ({ redirectUri }: Configuration) => ({
  connect: '/connect',
  callback: redirectUri.slice(redirectUri.lastIndexOf('/')),
  disconnect: '/disconnect',
})

/** The route whose path is the path of the request, byte for byte. */
export const routeOf = (config: Configuration, request: Request): Route | undefined => {
  const { path } = targetOf(request)
  const paths = pathsOf(config)
  const routes = Object.keys(allowedMethods) as Route[]
  return routes.find((route) => path === config.mountPath + paths[route])
}

const connect = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const query = new URLSearchParams(targetOf(request).query)
  const isPost = request.method === 'POST'
  if (isPost) refuseCrossSite(request, client.config)
  else if (requestSite(request) === 'cross') return confirmConnect(context, query)
  const ref = await findConnectionOrThrow(context)
  const dataCenter = query.get('dataCenter')
  const { url, cookie } = await beginAuthorization(
    client,
    dataCenter === null ? ref : { ...ref, dataCenter },
    { returnTo: query.get('returnTo') ?? undefined },
  )
  const cookies = [...clearOldBindings(request, cookie), bindingCookie(cookie)]
  const isSentByScript = isPost && !isNavigation(request)
  return isSentByScript
    ? respond(200, { 'content-type': 'application/json' }, JSON.stringify({ url }), cookies)
    : redirect(url, cookies)
}

/**
 * The response to a link from another site: a page on which the user confirms. An image, a script
 * or a frame of another site gets an error. @throws `cross-site-request`
 */
const confirmConnect = ({ client, request }: RouteContext, query: URLSearchParams): Response => {
  const { config } = client
  const isFrame = request.headers.get('sec-fetch-dest') === 'iframe'
  if (!isNavigation(request) || isFrame) throw new RecruitOAuthError('cross-site-request')
  const returnTo = safeReturnTo(query.get('returnTo')) ?? config.defaultReturnTo
  const parameters = new URLSearchParams({ returnTo })
  const dataCenter = query.get('dataCenter')
  if (dataCenter !== null && Object.hasOwn(config.dataCenters, dataCenter))
    parameters.set('dataCenter', dataCenter)
  const href = `${config.publicPath}/connect?${parameters}`
  return page({ ...crossSitePage, link: { href, label: 'Continue' } })
}

const crossSitePage = {
  status: 200,
  title: 'Connect Zoho Recruit',
  text: 'Another site sent you here.',
}

const callback = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const result = await completeAuthorization(client, {
    dangerousQuery: targetOf(request).query,
    readCookie: (name) => readCookie(request, name),
    findConnection: () => findConnection(context),
  })
  if (result.type === 'connected')
    return redirect(result.returnTo, [clearedCookie(result.cookieName)])
  const { error, cookieName, isWrongUser } = result
  // A navigation from Zoho does not send the app's `SameSite=Strict` cookie, so `connectionFor` may
  // not find the user. The page reloads itself. That request comes from this site, so the browser
  // sends all cookies.
  const isNavigationFromZoho = requestSite(request) === 'cross' && isNavigation(request)
  if (isWrongUser && isNavigationFromZoho) return page({ ...crossSitePage, shouldReload: true })
  const headers = cookieName === undefined ? {} : { 'set-cookie': clearedCookie(cookieName) }
  return problemResponse(client, request, 'callback', withoutRetry(error), { headers })
}

/**
 * Replaces the remedy `retry` with `ask-consent`. The response clears the cookie of the
 * authorization request, so a second request to the same URL would fail.
 */
const withoutRetry = (error: RecruitOAuthError): RecruitOAuthError =>
  error.remedy === 'retry'
    ? new RecruitOAuthError(error.code, { ...(error as ErrorDetails), remedy: 'ask-consent' })
    : error

const disconnect = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  refuseCrossSite(request, client.config)
  const returnTo = new URLSearchParams(targetOf(request).query).get('returnTo')
  const { id } = await findConnectionOrThrow(context)
  await createConnection(client, id, context.waitUntil).revoke()
  if (!isNavigation(request)) return respond(204)
  return redirect(safeReturnTo(returnTo) ?? client.config.defaultReturnTo)
}

const handlers: Readonly<Record<Route, (context: RouteContext) => Promise<Response>>> = {
  connect,
  callback,
  disconnect,
}
