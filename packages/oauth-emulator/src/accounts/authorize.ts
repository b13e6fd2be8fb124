import { page, redirect } from '../http/responses.ts'
import { allParameters, type Parameters, queryParameters } from '../http/parameters.ts'
import { issueCode } from '../ledger/issue.ts'
import { type Environment, isEnvironment } from '../environment.ts'
import { environmentKey } from '../ledger/ledger.ts'
import { consumeBudget } from '../ledger/rate-window.ts'
import { consentPage } from '../pages/consent-page.ts'
import { problemPage } from '../pages/problem-page.ts'
import type { User } from '../seed/organizations.ts'
import { matchesAccount, usersWithSignIn } from '../users.ts'
import type { ServerContext } from '../state.ts'
import { type AuthorizationRequest, checkAuthorizationRequest } from './authorization-request.ts'

/**
 * `GET /oauth/v2/auth`: the consent page.
 * https://www.zoho.com/recruit/developer-guide/apiv2/auth-request.html
 */
export function showConsent(context: ServerContext, httpRequest: Request): Response {
  const { state, dataCenter } = context
  const checked = checkAuthorizationRequest(context, queryParameters(httpRequest))
  if ('problem' in checked) return page(problemPage(checked.problem), 400)
  const accounts = usersWithSignIn(state.users, dataCenter)
  return page(consentPage({ client: state.client, request: checked.request, accounts }))
}

/**
 * `POST /oauth/v2/auth`: the buttons of the consent page. The form is posted to the page's own
 * address with its query. It adds `decision` (`approve` or `refuse`), `account` (an e-mail address,
 * or the id of a data center for its default user) and `environment` (default `production`).
 */
export async function decideConsent(
  context: ServerContext,
  httpRequest: Request,
): Promise<Response> {
  const parameters = await allParameters(httpRequest)
  const checked = checkAuthorizationRequest(context, parameters)
  if ('problem' in checked) return page(problemPage(checked.problem), 400)
  const { request } = checked
  const decision = parameters.get('decision')
  if (decision === 'refuse') return denyAccess(request)
  const account = findChosenAccount(context, parameters)
  const environment = parameters.get('environment') ?? 'production'
  if (account === undefined) return invalidConsent('No such account can sign in here.')
  if (decision !== 'approve') return invalidConsent('decision is neither "approve" nor "refuse".')
  if (!isEnvironment(environment))
    return invalidConsent('environment is neither "production" nor "sandbox".')
  return approve(context, request, account, environment)
}

function invalidConsent(explanation: string): Response {
  const hint =
    'Send the form of the consent page. Its fields are decision, account (an e-mail address or a ' +
    'data center) and environment.'
  return page(problemPage({ title: 'Invalid Consent', explanation, hint }), 400)
}

function findChosenAccount(
  { state, dataCenter }: ServerContext,
  parameters: Parameters,
): User | undefined {
  const accounts = usersWithSignIn(state.users, dataCenter)
  const chosen = parameters.get('account')
  return chosen === undefined ? accounts[0] : accounts.find((user) => matchesAccount(user, chosen))
}

/**
 * With `access_type=offline`, the first consent of a user and client returns a refresh token, and
 * so does every consent with `prompt=consent` (web-apps/authorization.html). Unverified: a consent
 * counts as the first even if its code is never exchanged.
 */
function approve(
  { state }: ServerContext,
  request: AuthorizationRequest,
  user: User,
  environment: Environment,
): Response {
  const { client, ledger, settings } = state
  const now = state.clock.now()
  const { dataCenter } = user.organization
  const grant = { clientId: client.id, user, dataCenter, environment, scopes: request.scopes }
  if (
    !consumeBudget(
      ledger,
      settings,
      { budget: 'authorizationCodeBudget', key: client.id },
      grant,
      now,
    )
  )
    return denyAccess(request)
  const isFirstConsent = !ledger.consents.has(environmentKey(grant))
  ledger.consents.add(environmentKey(grant))
  const { code } = issueCode(
    ledger,
    {
      ...grant,
      redirectUri: request.redirectUri,
      codeChallenge: request.codeChallenge,
      yieldsRefreshToken: request.offline && (isFirstConsent || request.promptConsent),
      expiresAt: now + settings.codeLifeSeconds * 1000,
    },
    now,
  )
  const { accountsServer } = state.addresses(dataCenter)
  const dataCenterParameters = {
    location: dataCenter,
    'accounts-server': settings.accountsServerTrailingSlash ? `${accountsServer}/` : accountsServer,
  }
  const sentParameters = Object.entries(dataCenterParameters).filter(
    ([name]) =>
      settings.callbackDataCenterParameters === 'both' ||
      settings.callbackDataCenterParameters === name,
  )
  return redirect(request.redirectUri, {
    state: request.state,
    code,
    ...Object.fromEntries(sentParameters),
  })
}

/**
 * The response when the user refused, or when too many codes were issued (CRM v8
 * token-validity.html). It is unverified that Zoho returns `state`.
 */
function denyAccess(request: AuthorizationRequest): Response {
  return redirect(request.redirectUri, { state: request.state, error: 'access_denied' })
}
