import { toRequest } from '@zrecruit/oauth-core/node'
import type { FrameworkRequest } from './http.ts'

/**
 * The request with the path that Nest's router has matched, for the routes. It differs from the
 * path that was sent if an app in which this app is mounted, or a middleware, has removed a prefix.
 * The check at the start looks at the same paths, and `mountPath` means them.
 *
 * What was sent must end in the same route, byte for byte. So a middleware that decodes or
 * normalizes paths does not turn another spelling into a route. The query is the one that was sent.
 */
export const toRouteRequest = (request: FrameworkRequest): Request => {
  const message = request.raw ?? request
  const sent = sentTarget(message)
  const routedPath = pathOf(message.url ?? '/')
  const route = /\/[^/]+\/?$/.exec(routedPath)?.[0]
  const isSameRoute = route !== undefined && pathOf(sent).endsWith(route)
  const path = isSameRoute ? routedPath : '/'
  return toRequest(message, { target: path + sent.slice(pathOf(sent).length) })
}

/**
 * The request with the path that was sent, for the guard, which redirects the browser back to it.
 * @param strippedPrefix What is in front of `mountPath` in the public path. Core puts it in front
 * of the path, because usually a proxy has removed it. The part of it that was removed in this
 * process is still in the path that was sent, so it is removed here.
 */
export const toSentRequest = (request: FrameworkRequest, strippedPrefix = ''): Request => {
  const message = request.raw ?? request
  const sent = sentTarget(message)
  const isRewritten = pathOf(sent) !== pathOf(message.url ?? '/')
  const removedHere = isRewritten
    ? (tailsOf(strippedPrefix).find((tail) => sent.startsWith(`${tail}/`)) ?? '')
    : ''
  return toRequest(message, { target: sent.slice(removedHere.length) })
}

const sentTarget = (message: {
  readonly originalUrl?: string
  readonly url?: string | undefined
}) => message.originalUrl ?? message.url ?? '/'

const pathOf = (target: string): string => target.split('?', 1)[0] as string

/** The ends of a path in whole segments, longest first: `/a/b`, `/b`. */
export const tailsOf = (path: string): string[] => {
  const segments = path.split('/').slice(1)
  return segments.map((_, index) => `/${segments.slice(index).join('/')}`)
}
