import type { Parameters } from '../http/parameters.ts'
import type { CodeChallenge } from '../ledger/ledger.ts'
import type { Problem } from '../pages/problem-page.ts'
import { parseScope, splitScopes } from '../scopes.ts'
import { knowsClient, type ServerContext } from '../state.ts'

/** A valid authorization request. Its redirect URI is registered. */
export interface AuthorizationRequest {
  readonly redirectUri: string
  /** Not normalized. */
  readonly scopes: readonly string[]
  readonly offline: boolean
  /** `prompt=consent`: every consent returns a refresh token. */
  readonly promptConsent: boolean
  readonly state: string | undefined
  readonly codeChallenge: CodeChallenge | undefined
}

/**
 * Checks the parameters of `GET /oauth/v2/auth`. Every failure is a page on the accounts server,
 * never a redirect. https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html
 * The heading `Invalid Redirect Uri` and its text were observed at Zoho. The other headings are
 * unverified.
 */
export function checkAuthorizationRequest(
  { state, dataCenter }: ServerContext,
  parameters: Parameters,
): { request: AuthorizationRequest } | { problem: Problem } {
  const { client, settings } = state
  const problem = (
    title: string,
    explanation: string,
    hint: string,
    facts: Problem['facts'] = [],
  ) => ({
    problem: { title, explanation, hint, facts },
  })
  const invalidParameter = (name: string, allowed: string) =>
    problem(
      `Invalid ${name}`,
      `${name} is not ${allowed}.`,
      `Correct ${name} in the authorization request.`,
      [['Sent', sent(name)]],
    )
  const sent = (name: string) => parameters.get(name) ?? '(nothing)'

  if (parameters.get('client_id') !== client.id) {
    return problem(
      'Invalid Client',
      'No client with this id is registered.',
      "Use the emulator's client id.",
      [
        ['Sent', sent('client_id')],
        ['Registered', client.id],
      ],
    )
  }
  if (!knowsClient(state, dataCenter)) {
    return problem(
      'Invalid Client',
      `Multi-DC is switched off for ${dataCenter}.`,
      'Switch it on (multiDataCenter), or send the request to the data center of the client.',
      [['Registered at', `${state.dataCenters[0]}`]],
    )
  }
  const redirectUri = parameters.get('redirect_uri')
  if (redirectUri === undefined || !client.redirectUris.includes(redirectUri)) {
    const hint =
      'It is compared exactly. Start the emulator with --redirect-uri, or ' +
      'POST to /_emulator/clients.'
    return problem(
      'Invalid Redirect Uri',
      'Redirect URI passed does not match with the one configured',
      hint,
      [
        ['Sent', sent('redirect_uri')],
        ...client.redirectUris.map((uri) => ['Registered', uri] as const),
      ],
    )
  }
  if (parameters.get('response_type') !== 'code') return invalidParameter('response_type', 'code')
  const accessType = parameters.get('access_type') ?? 'online'
  if (accessType !== 'online' && accessType !== 'offline')
    return invalidParameter('access_type', 'online or offline')
  const prompt = parameters.get('prompt')
  if (prompt !== undefined && prompt !== 'consent')
    return invalidParameter('prompt', 'consent or omitted')

  const scopes = splitScopes(parameters.get('scope') ?? '', settings.scopeSeparator)
  const unknownScopes = scopes.filter((scope) => parseScope(scope) === undefined)
  if (unknownScopes.length > 0) {
    const hint = 'Scopes look like ZohoRecruit.modules.ALL and are separated by commas.'
    return problem(
      'Invalid OAuth Scope',
      'Scope does not exist',
      hint,
      unknownScopes.map((scope) => ['Unknown', scope || '(nothing)'] as const),
    )
  }
  const method = parameters.get('code_challenge_method') ?? 'plain'
  if (method !== 'plain' && method !== 'S256')
    return invalidParameter('code_challenge_method', 'S256 or plain')
  const challenge = parameters.get('code_challenge')

  const codeChallenge: CodeChallenge | undefined =
    challenge === undefined ? undefined : { value: challenge, method }
  const offline = accessType === 'offline'
  return {
    request: {
      redirectUri,
      scopes,
      offline,
      promptConsent: prompt === 'consent',
      state: parameters.get('state'),
      codeChallenge,
    },
  }
}
