import type { Configuration } from '../config/configure.ts'
import { loopbackHost } from '../config/urls.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'

// Cookies belong to a host. The callback gets the cookie of the authorization request only if the
// browser is at the host of `redirectUri`, or can receive a cookie of that host. Behind a proxy,
// `Host` can be any internal name, so it counts only if it is a known one.

/**
 * The trusted origin at whose host and port the browser opened the route, if it is not the app's
 * own.
 */
export const trustedHostOf = (
  { headers }: Request,
  { trustedOrigins, appOrigin }: Configuration,
): string | undefined => {
  const host = headers.get('host')
  if (host === null || host === new URL(appOrigin).host) return undefined
  return trustedOrigins.find((origin) => new URL(origin).host === host)
}

/** Does a cookie of this origin not reach the callback? Ports share their cookies. */
export const isOtherCookieHost = (origin: string, { appOrigin }: Configuration): boolean =>
  new URL(origin).hostname !== new URL(appOrigin).hostname

/**
 * In development: the app is open at 127.0.0.1, and `redirectUri` has localhost, or the reverse.
 * Browsers keep their cookies apart. If a proxy changes `Host`, the headers of the browser and the
 * proxy tell the real host.
 * @throws `host-mismatch`
 */
export const refuseOtherLoopbackHost = (
  { headers }: Request,
  { appOrigin }: Configuration,
): void => {
  const appHost = new URL(appOrigin).hostname
  const hostnames = [
    headers.get('origin'),
    headers.get('referer'),
    `http://${headers.get('x-forwarded-host') ?? ''}`,
    `http://${headers.get('host') ?? ''}`,
  ].map((url) => URL.parse(url ?? '')?.hostname)
  const known = hostnames.filter((hostname) => hostname !== undefined)
  const isLoopback = (hostname: string) => loopbackHost.test(hostname)
  const [visited] = known
  if (visited === undefined || known.includes(appHost)) return
  if (!isLoopback(visited) || !isLoopback(appHost)) return
  throw new RecruitOAuthError('host-mismatch', {
    summary:
      `The browser is at \`${visited}\` and \`redirectUri\` at \`${appHost}\`. Browsers do not ` +
      'share cookies between them.',
    hint: `Open the app at ${appOrigin}, or change \`redirectUri\`.`,
  })
}

/**
 * Is the request from a page or program that cannot receive a cookie of this app for its browser:
 * a page of another site, or no browser at all?
 */
export const isMissingCookies = (request: Request, { appOrigin }: Configuration): boolean => {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'cross-site'
  return request.headers.get('origin') !== appOrigin
}
