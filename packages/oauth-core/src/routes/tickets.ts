import { readCallbackCookies } from '../client/consent/callback-cookies.ts'
import { userErrorOf } from '../client/consent/callback-user.ts'
import { openTicket, redeemTicket, type Ticket } from '../client/consent/tickets.ts'
import { queryOf } from '../config/return-to.ts'
import { nameConnection, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { bindingCookie, clearOldBindings, readCookie } from './cookies.ts'
import { renderPage } from './pages.ts'
import {
  findConnection,
  isTopLevelNavigation,
  refuseCrossSite,
  type RouteContext,
} from './request.ts'
import { redirect } from './responses.ts'

/**
 * `/connect?ticket=…`: GET shows for whom the consent is, and the form on that page sends POST,
 * which continues to Zoho. A link to this page can come from anyone, so nothing starts without the
 * user's click, and another site cannot send the form.
 * @throws `ticket-invalid`, `principal-mismatch`, `cross-site-request`, `navigation-required`
 */
export const continueWithTicket = async (
  context: RouteContext,
  dangerousTicket: string,
): Promise<Response> => {
  const { client, request } = context
  if (!isTopLevelNavigation(request)) throw new RecruitOAuthError('navigation-required')
  if (request.method === 'POST') refuseCrossSite(request, client.config, { allowTrusted: false })
  const ticket = await openTicket(client, dangerousTicket)
  const { binding } = ticket
  const find = () => findConnection(context)
  const userError = await userErrorOf(client.config, find, binding, false)
  if (userError) {
    nameConnection(userError, binding.connection)
    throw userError
  }
  if (request.method === 'GET') return ticketPage(context, ticket, dangerousTicket)
  try {
    const isSameBrowser = await hasCookieOf(context, ticket)
    const { url, cookie } = await redeemTicket(client, ticket, isSameBrowser)
    const { hasSecureCookies } = client.config
    return redirect(url, [
      ...clearOldBindings(request, cookie, client.config),
      bindingCookie(cookie, hasSecureCookies),
    ])
  } catch (error) {
    nameConnection(error, binding.connection)
    throw error
  }
}

/** Has this browser used the ticket before? */
const hasCookieOf = async (
  { client, request }: RouteContext,
  { binding }: Ticket,
): Promise<boolean> => {
  const read = (name: string) => readCookie(request, name)
  const cookies = await readCallbackCookies(client.config, read, binding.state)
  return cookies.binding !== undefined
}

const ticketPage = (
  { client, request }: RouteContext,
  { displayName }: Ticket,
  ticket: string,
): Response => {
  const { publicPath } = client.config
  return renderPage(client, request, {
    type: 'ticket',
    status: 200,
    title: 'Connect Zoho Recruit?',
    text:
      'This account of the app will get access to the Zoho account that you choose. Continue ' +
      'only if you have just started this yourself. If someone sent you the link, close this page.',
    displayName,
    actions: [
      {
        type: 'continue',
        label: 'Continue to Zoho',
        href: `${publicPath}/connect?${queryOf({ ticket })}`,
        method: 'POST',
      },
    ],
  })
}
