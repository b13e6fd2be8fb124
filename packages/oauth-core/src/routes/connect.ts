import { beginAuthorization } from '../client/consent/begin.ts'
import { createTicket } from '../client/consent/tickets.ts'
import { isConfigured } from '../client/context.ts'
import { invalidArgument } from '../config/invalid-option.ts'
import type { ConnectionRef } from '../config/options.ts'
import { queryOf } from '../config/return-to.ts'
import { nameConnection, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { checkTarget, startAgainUrl } from './addresses.ts'
import { bindingCookie, clearOldBindings } from './cookies.ts'
import {
  isMissingCookies,
  isOtherCookieHost,
  refuseOtherLoopbackHost,
  trustedHostOf,
} from './hosts.ts'
import { backToApp, link } from './page-actions.ts'
import { renderPage } from './pages.ts'
import {
  findConnectionOrThrow,
  isNavigation,
  isTopLevelNavigation,
  queryParameter,
  refuseCrossSite,
  requestSite,
  type RouteContext,
} from './request.ts'
import { redirect, respond } from './responses.ts'
import { continueWithTicket } from './tickets.ts'

/** Starts a consent. GET is for links, POST for forms and scripts. */
export const connect = async (context: RouteContext): Promise<Response> => {
  const { client, request } = context
  const { config } = client
  const ticket = queryParameter(request, 'ticket')
  if (ticket !== undefined) return continueWithTicket(context, ticket)
  const isByScript = request.method === 'POST' && !isNavigation(request)
  if (request.method === 'POST') refuseCrossSite(request, config, { allowTrusted: true })
  else if (requestSite(request) === 'cross') return confirmConnect(context)
  if (!isByScript) requireTopLevelNavigation(request)
  const trustedHost = trustedHostOf(request, config)
  if (trustedHost === undefined) refuseOtherLoopbackHost(request, config)
  const ref = await findConnectionOrThrow(context)
  try {
    return await start(context, ref, { isByScript, trustedHost })
  } catch (error) {
    nameConnection(error, ref.id)
    throw error
  }
}

/** Starts a consent that was not refused, with a cookie or with a ticket. */
const start = async (
  context: RouteContext,
  found: ConnectionRef,
  {
    isByScript,
    trustedHost,
  }: { readonly isByScript: boolean; readonly trustedHost: string | undefined },
): Promise<Response> => {
  const { client, request } = context
  const { config } = client
  const ref = { ...found, dataCenter: dataCenterOf(context) ?? found.dataCenter }
  const returnTo = queryParameter(request, 'returnTo')
  const isAtOtherHost = trustedHost !== undefined && isOtherCookieHost(trustedHost, config)
  if (isAtOtherHost || (isByScript && isMissingCookies(request, config))) {
    if (config.connectTickets) {
      const url = await ticketUrl(context, ref, returnTo, trustedHost)
      return isByScript ? jsonResponse(url) : redirect(url)
    }
    refuseWithoutTickets(isAtOtherHost, request)
  }
  const { url, cookie } = await beginAuthorization(client, ref, { returnTo }, trustedHost)
  const cookies = [
    ...clearOldBindings(request, cookie, config),
    bindingCookie(cookie, config.hasSecureCookies),
  ]
  return isByScript ? jsonResponse(url, cookies) : redirect(url, cookies)
}

const jsonResponse = (url: string, cookies?: readonly string[]): Response =>
  respond(200, { 'content-type': 'application/json' }, JSON.stringify({ url }), cookies)

/**
 * Images, frames, scripts and prefetches of frameworks must not start a consent: nobody would see
 * Zoho's page, and their cookies would replace those of real requests.
 * @throws `navigation-required`
 */
const requireTopLevelNavigation = (request: Request): void => {
  if (!isTopLevelNavigation(request)) throw new RecruitOAuthError('navigation-required')
}

/** The data center in the query. @throws `argument-invalid` */
const dataCenterOf = ({ client, request }: RouteContext): string | undefined => {
  const dataCenter = queryParameter(request, 'dataCenter')
  if (dataCenter === undefined || isConfigured(client, dataCenter)) return dataCenter
  throw invalidArgument(
    'dataCenter',
    'names a data center that is not in `dataCenters`, or has no secret in `clientSecret`',
  )
}

/** The URL of this app with a ticket. @throws `configuration-invalid` */
const ticketUrl = async (
  { client }: RouteContext,
  ref: ConnectionRef,
  returnTo: string | undefined,
  returnToBase: string | undefined,
): Promise<string> => {
  const { displayName } = ref
  if (displayName === undefined)
    throw new RecruitOAuthError('configuration-invalid', {
      summary: '`connectionFor` returned no `displayName`, which `connectTickets` needs.',
      hint: 'Return a name that tells the user for whom the consent is.',
    })
  const { appOrigin, publicPath } = client.config
  const ticket = await createTicket(client, { ...ref, displayName }, returnTo, returnToBase)
  return `${appOrigin}${publicPath}/connect?${queryOf({ ticket })}`
}

/**
 * Refuses a start whose cookie the callback would not get. A program that is no browser may have
 * its own way to store cookies, so it is not refused.
 * @throws `host-mismatch`, `cross-site-request`
 */
const refuseWithoutTickets = (isAtOtherHost: boolean, request: Request): void => {
  const hint = 'Start at the host of `redirectUri`, or set `connectTickets`.'
  if (isAtOtherHost) throw new RecruitOAuthError('host-mismatch', { hint })
  if (requestSite(request) === 'cross')
    throw new RecruitOAuthError('cross-site-request', {
      summary: 'A page of another site cannot receive the cookie of the callback.',
      hint,
    })
}

/**
 * The response to a link from another site: a page on which the user confirms. An image, a script
 * or a frame of another site gets an error. @throws `cross-site-request`
 */
const confirmConnect = ({ client, request }: RouteContext): Response => {
  const { config } = client
  if (!isTopLevelNavigation(request)) throw new RecruitOAuthError('cross-site-request')
  const target = checkTarget(config, {
    returnTo: queryParameter(request, 'returnTo') ?? config.defaultReturnTo,
    dataCenter: queryParameter(request, 'dataCenter'),
  })
  return renderPage(client, request, {
    type: 'confirm',
    status: 200,
    title: 'Connect Zoho Recruit',
    text: 'Another site sent you here. Continue if you want to connect your Zoho account.',
    actions: [
      link('continue', 'Continue to Zoho', startAgainUrl(config, target)),
      backToApp(config),
    ],
  })
}
