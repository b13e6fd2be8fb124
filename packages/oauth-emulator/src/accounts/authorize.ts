import { page, redirect } from '../http/answers.ts'
import { allParameters, type Parameters, queryParameters } from '../http/parameters.ts'
import { issueCode } from '../ledger/issue.ts'
import { consentKey } from '../ledger/ledger.ts'
import { spendBudget } from '../ledger/rate-window.ts'
import { consentPage } from '../pages/consent-page.ts'
import { problemPage } from '../pages/problem-page.ts'
import type { User } from '../seed/organizations.ts'
import { isCalled, usersWhoSignIn } from '../users.ts'
import type { ServerContext } from '../state.ts'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.ts'

/**
 * `GET /oauth/v2/auth`: the consent page.
 * https://www.zoho.com/recruit/developer-guide/apiv2/auth-request.html
 */
export function showConsent(station: ServerContext, httpRequest: Request): Response {
  const { world, dataCenter } = station
  const checked = checkAuthorizationRequest(station, queryParameters(httpRequest))
  if ('problem' in checked) return page(problemPage(checked.problem), 400)
  const accounts = usersWhoSignIn(world.users, dataCenter)
  return page(consentPage({ client: world.client, request: checked.request, accounts }))
}

/**
 * `POST /oauth/v2/auth`: the buttons of the consent page. The form goes back to the page's own
 * address, query and all; it adds `decision` (`approve` or `refuse`) and `account` (an e-mail
 * address, or the id of a data center, whose own user it is).
 */
export async function decideConsent(
  station: ServerContext,
  httpRequest: Request,
): Promise<Response> {
  const parameters = await allParameters(httpRequest)
  const checked = checkAuthorizationRequest(station, parameters)
  if ('problem' in checked) return page(problemPage(checked.problem), 400)
  const { request } = checked
  const decision = parameters.get('decision')
  if (decision === 'refuse') return denied(request)
  const account = chosenAccount(station, parameters)
  if (decision !== 'approve' || account === undefined) {
    const explanation =
      account === undefined
        ? 'No such account signs in here.'
        : 'decision is neither "approve" nor "refuse".'
    const cure =
      'Send the form of the consent page: the fields are decision and account (an e-mail ' +
      'address or a data center).'
    return page(problemPage({ title: 'Invalid Consent', explanation, cure }), 400)
  }
  return approve(station, request, account)
}

function chosenAccount(
  { world, dataCenter }: ServerContext,
  parameters: Parameters,
): User | undefined {
  const accounts = usersWhoSignIn(world.users, dataCenter)
  const chosen = parameters.get('account')
  return chosen === undefined ? accounts[0] : accounts.find((one) => isCalled(one, chosen))
}

/**
 * A refresh token comes with `access_type=offline` at the first consent of this user and client, or
 * with `prompt=consent` (web-apps/authorization.html). That a consent counts as the first even if
 * its code is never exchanged is unverified.
 */
function approve({ world }: ServerContext, request: AuthorizationRequest, user: User): Response {
  const { client, ledger, settings } = world
  const now = world.clock.now()
  const { dataCenter } = user.organization
  const grant = { clientId: client.id, user, dataCenter, scopes: request.scopes }
  if (
    !spendBudget(ledger, settings, { budget: 'authorizationCodeBudget', of: client.id }, grant, now)
  )
    return denied(request)
  const firstConsent = !ledger.consents.has(consentKey(grant))
  ledger.consents.add(consentKey(grant))
  const { code } = issueCode(
    ledger,
    {
      ...grant,
      redirectUri: request.redirectUri,
      codeChallenge: request.codeChallenge,
      yieldsRefreshToken: request.offline && (firstConsent || request.promptConsent),
      expiresAt: now + settings.codeLifeSeconds * 1000,
    },
    now,
  )
  const names = {
    location: dataCenter,
    'accounts-server': world.addresses(dataCenter).accountsServer,
  }
  const carried = Object.entries(names).filter(
    ([name]) => settings.callbackNames === 'both' || settings.callbackNames === name,
  )
  return redirect(request.redirectUri, {
    state: request.state,
    code,
    ...Object.fromEntries(carried),
  })
}

/**
 * A refusal by the user, or too many codes (CRM v8 token-validity.html). That `state` is echoed is
 * unverified.
 */
function denied(request: AuthorizationRequest): Response {
  return redirect(request.redirectUri, { state: request.state, error: 'access_denied' })
}
