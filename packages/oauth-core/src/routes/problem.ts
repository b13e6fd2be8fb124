import { customerTexts, needsSupport, type CustomerText } from '../errors/customer-texts.ts'
import { errorCodes } from '../errors/codes.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ClientContext } from '../client/context.ts'
import { withQuery } from '../config/return-to.ts'
import type { RouteName } from '../config/host.ts'
import type { EpochMs } from '../domain/time.ts'
import { checkTarget, signInUrl, startAgainUrl, type Target } from './addresses.ts'
import { renderPage } from './pages.ts'
import { actionsFor } from './page-actions.ts'
import { isNavigation, queryParameter } from './request.ts'
import { redirect, respond } from './responses.ts'

interface ProblemDetails extends Target {
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly string[]
  /** More members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The response for an error: a page for a navigation, else `application/problem+json` (RFC 9457).
 * It is the same in every framework. With `signIn` or `failureReturnTo`, a navigation is redirected
 * to the app instead.
 */
export const problemResponse = (
  client: ClientContext,
  request: Request,
  route: RouteName,
  error: RecruitOAuthError,
  details: ProblemDetails = {},
): Response => {
  const { config, repository } = client
  const { code, connection, remedy, retryAt } = error
  config.onEvent({
    type: 'request-refused',
    error,
    route,
    ...(connection !== undefined && { connection }),
  })
  const { status } = errorCodes[code]
  const headers = { ...retryAfter(retryAt, repository.clock.now()), ...details.headers }
  const { cookies } = details
  const { title, text } = customerTextOf(error)
  if (isNavigation(request)) {
    const target = checkTarget(config, details)
    const location = redirectTarget(client, request, route, error, target)
    if (location !== undefined) return redirect(location, cookies)
    const actions = actionsFor(config, route, error, target)
    const page = { type: 'error', status, code, title, text, actions } as const
    return renderPage(client, request, page, { headers, cookies })
  }
  const body = {
    title,
    status,
    detail: detailOf(error),
    userMessage: text,
    code,
    remedy,
    ...(remedy === 'ask-consent' && {
      connect: new URL(startAgainUrl(config, {}), config.appOrigin).href,
    }),
    ...details.members,
  }
  const type = { 'content-type': 'application/problem+json' }
  return respond(status, { ...type, ...headers }, JSON.stringify(body), cookies)
}

/** The page of the app to redirect to; `undefined` if the library shows its own page. */
const redirectTarget = (
  { config }: ClientContext,
  request: Request,
  route: RouteName,
  { code }: RecruitOAuthError,
  target: Target,
): string | undefined => {
  if (code === 'principal-missing') {
    const isConnecting = route === 'connect' || route === 'callback'
    const signIn = signInUrl(config, isConnecting ? startAgainUrl(config, target) : target.here)
    if (signIn !== undefined) return signIn
  }
  const { failureReturnTo } = config
  const isRouteOfUser = route === 'connect' || route === 'callback' || route === 'disconnect'
  if (!isRouteOfUser || failureReturnTo === undefined) return undefined
  if (queryParameter(request, 'connectError') !== undefined) return undefined
  const { returnTo, dataCenter } = target
  return withQuery(failureReturnTo, { connectError: code, returnTo, dataCenter })
}

/** `Retry-After` in seconds, at least 1 (RFC 9110, 10.2.3). */
const retryAfter = (
  retryAt: EpochMs | undefined,
  now: EpochMs | undefined,
): Readonly<Record<string, string>> => {
  if (!retryAt || !now) return {}
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1000))
  return { 'retry-after': String(seconds) }
}

/**
 * The text for the developer. Anyone may read the response, so for errors of the configuration and
 * the store, it contains only the general sentences of the table, without paths and options.
 */
const detailOf = ({ code, source, message }: RecruitOAuthError): string =>
  source === 'configuration' || source === 'store'
    ? `${errorCodes[code].summary} ${errorCodes[code].hint}`
    : message

/**
 * The text for the customer. An error that usually passes can be one of the configuration, for
 * example if Zoho refuses a scope. Then another attempt does not help.
 */
const customerTextOf = ({ code, remedy }: RecruitOAuthError): CustomerText =>
  remedy === 'fix-configuration' && errorCodes[code].remedy !== remedy
    ? needsSupport
    : customerTexts[code]
