import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { runInBackground } from '../client/background.ts'
import type { Configuration } from '../config/configure.ts'
import { callback } from './callback.ts'
import { connect } from './connect.ts'
import { preflightResponse, withCors } from './cors.ts'
import { disconnect } from './disconnect.ts'
import { problemResponse } from './problem.ts'
import { isPrefetch, queryParameter, targetOf, type RouteContext } from './request.ts'
import { respond } from './responses.ts'

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

const handlers: Readonly<Record<Route, (context: RouteContext) => Promise<Response>>> = {
  connect,
  callback,
  disconnect,
}

/** Answers the three routes. `undefined`: the path is not one of them. */
export const handle = async (context: RouteContext): Promise<Response | undefined> => {
  const { request } = context
  const { config } = context.client
  const route = routeOf(config, request)
  if (!route) return undefined
  const response =
    preflightResponse(request, config, allowedMethods[route]) ?? (await answer(context, route))
  return withCors(response, request, config)
}

const answer = async (context: RouteContext, route: Route): Promise<Response> => {
  const { client, request } = context
  const methods: readonly string[] = allowedMethods[route]
  try {
    if (!methods.includes(request.method)) {
      const error = new RecruitOAuthError('method-not-allowed')
      const headers = { allow: methods.join(', ') }
      return problemResponse(client, request, route, error, { headers })
    }
    // Browsers use a response in advance only if its status is 2xx.
    if (isPrefetch(request)) return respond(503)
    const response = handlers[route](context)
    // `waitUntil` keeps the exchange or the revocation running even if the browser disconnects.
    runInBackground(context.waitUntil, response)
    return await response
  } catch (error) {
    // An error of the app, thrown by `connectionFor`.
    if (!isRecruitOAuthError(error)) throw error
    return problemResponse(client, request, route, error, {
      returnTo: queryParameter(request, 'returnTo'),
      dataCenter: queryParameter(request, 'dataCenter'),
    })
  }
}

/** The paths of the routes, relative to their mount path. */
export const pathsOf = ({ callbackPath }: Configuration) => ({
  connect: '/connect',
  callback: callbackPath,
  disconnect: '/disconnect',
})

/** The route whose path is the path of the request, byte for byte. */
export const routeOf = (config: Configuration, request: Request): Route | undefined => {
  const { path } = targetOf(request)
  const paths = pathsOf(config)
  const routes = Object.keys(allowedMethods) as Route[]
  return routes.find((route) => path === config.mountPath + paths[route])
}
