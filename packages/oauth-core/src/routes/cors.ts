import type { Configuration } from '../config/configure.ts'
import { respond } from './responses.ts'

// CORS (https://fetch.spec.whatwg.org/#http-cors-protocol) for the library's routes. The origins in
// `trustedOrigins` may send requests with cookies and read the responses. Other origins get no
// CORS header.

/** The trusted origin that sent the request, according to the browser. */
export const trustedOriginOf = (
  { headers }: Request,
  { trustedOrigins }: Configuration,
): string | undefined => {
  const origin = headers.get('origin')
  return origin !== null && trustedOrigins.includes(origin) ? origin : undefined
}

/** The response to the preflight of a trusted origin; `undefined` for any other request. */
export const preflightResponse = (
  request: Request,
  config: Configuration,
  methods: readonly string[],
): Response | undefined => {
  const { method, headers } = request
  const isPreflight = method === 'OPTIONS' && headers.has('access-control-request-method')
  if (!isPreflight || trustedOriginOf(request, config) === undefined) return undefined
  const requestedHeaders = headers.get('access-control-request-headers')
  return respond(204, {
    'access-control-allow-methods': methods.join(', '),
    'access-control-max-age': '600',
    ...(requestedHeaders !== null && { 'access-control-allow-headers': requestedHeaders }),
  })
}

/** Adds the headers with which a script of a trusted origin can read the response. */
export const withCors = (response: Response, request: Request, config: Configuration): Response => {
  const { headers } = response
  if (config.trustedOrigins.length > 0) headers.append('vary', 'Origin')
  const origin = trustedOriginOf(request, config)
  if (origin === undefined) return response
  headers.set('access-control-allow-origin', origin)
  headers.set('access-control-allow-credentials', 'true')
  return response
}
