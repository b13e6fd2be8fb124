import { completeAuthorization } from '../client/consent/callback.ts'
import { RecruitOAuthError, type ErrorDetails } from '../errors/recruit-oauth-error.ts'
import { bindingCookie, clearedCookie, readCookie } from './cookies.ts'
import { reloadPage } from './pages.ts'
import { problemResponse } from './problem.ts'
import {
  findConnection,
  isNavigation,
  requestSite,
  targetOf,
  type RouteContext,
} from './request.ts'
import { redirect } from './responses.ts'

export const callback = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const { hasSecureCookies } = client.config
  // A navigation from Zoho does not send the app's `SameSite=Strict` cookie, so `connectionFor` may
  // not find the user. The page reloads itself. That request comes from this site, so the browser
  // sends all cookies.
  const isNavigationFromZoho = requestSite(request) === 'cross' && isNavigation(request)
  const result = await completeAuthorization(client, {
    dangerousQuery: targetOf(request).query,
    readCookie: (name) => readCookie(request, name),
    findConnection: () => findConnection(context),
    mayLackStrictCookies: isNavigationFromZoho,
  })
  if (result.type === 'refused' && result.isWrongUser && isNavigationFromZoho) return reloadPage()
  const cookies = result.cookies.map(({ name, value }) =>
    value === undefined
      ? clearedCookie(name, hasSecureCookies)
      : bindingCookie({ name, value }, hasSecureCookies),
  )
  if (result.type === 'connected') return redirect(result.returnTo, cookies)
  return problemResponse(client, request, 'callback', withoutRetry(result.error), {
    cookies,
    returnTo: result.request?.returnTo,
    dataCenter: result.request?.dataCenter,
  })
}

/**
 * Replaces the remedy `retry` with `ask-consent`. The callback has used up the authorization
 * request, so a second request to the same URL would fail.
 */
const withoutRetry = (error: RecruitOAuthError): RecruitOAuthError =>
  error.remedy === 'retry'
    ? new RecruitOAuthError(error.code, { ...(error as ErrorDetails), remedy: 'ask-consent' })
    : error
