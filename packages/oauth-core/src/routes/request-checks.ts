import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { Configuration } from '../config/configure.ts'

/**
 * A browser that fetches ahead of the person, or a proxy for one: nothing is begun or spent for it.
 */
export const isPrefetch = ({ headers }: Request): boolean =>
  /prefetch|prerender/i.test(headers.get('sec-purpose') ?? headers.get('purpose') ?? '')

/** The site that sent the request, as far as the browser says. `cross`: another site or host. */
export const requestSite = ({ headers }: Request): 'same' | 'cross' | 'unknown' => {
  const site = headers.get('sec-fetch-site')
  if (site === null) return 'unknown'
  return site === 'same-origin' || site === 'none' ? 'same' : 'cross'
}

/**
 * Refuses a state-changing request that another site could have sent. `Sec-Fetch-Site` decides:
 * under a referrer policy of `no-referrer` browsers send `Origin: null` with the app's own forms.
 * Browsers without it tell the origin of every POST; a request that tells neither comes from no
 * browser, and carries no one else's cookies.
 * @throws `cross-site-request`
 */
export const refuseCrossSite = (request: Request, { redirectUri }: Configuration): void => {
  const appOrigin = new URL(redirectUri).origin
  const site = requestSite(request)
  const isCrossSite =
    site === 'unknown'
      ? (request.headers.get('origin') ?? appOrigin) !== appOrigin
      : site === 'cross'
  if (isCrossSite) throw new RecruitOAuthError('cross-site-request')
}
