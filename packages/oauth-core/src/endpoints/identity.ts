import type { Identity } from '../domain/record.ts'
import { missingScopes } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import { ownProperties, parseJsonObject } from '../internal/json.ts'
import { send, type EndpointCall } from './http.ts'

/**
 * The requests that read an identity. `scope` is the scope that the request needs. `list` is the
 * property of the response that holds the entry. `id` and `name` are pairs of property names: first
 * the name in `Identity`, then the name in Zoho's response.
 */
const identityRequests = [
  {
    scope: 'ZohoRecruit.org.READ',
    path: '/org',
    list: 'org',
    id: ['organizationId', 'zgid'],
    name: ['organizationName', 'company_name'],
  },
  {
    scope: 'ZohoRecruit.users.READ',
    path: '/users?type=CurrentUser',
    list: 'users',
    id: ['userId', 'id'],
    name: ['userName', 'full_name'],
  },
] as const

type IdentityRequest = (typeof identityRequests)[number]

/** Thrown and caught inside this file. */
class MissingIdError extends Error {}

/**
 * Reads the account of an access token from the Recruit API, as far as `scopes` allow it. Returns
 * `undefined` if a request that the scopes allow gave no id. All requests share the deadline. Zoho
 * does not document the names of the properties; they are known from other clients.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html
 */
export const requestIdentity = async (
  call: EndpointCall,
  accessToken: Secret,
  scopes: readonly string[],
): Promise<Identity | undefined> => {
  const allowed = identityRequests.filter(
    ({ scope }) => missingScopes(scopes, [scope]).length === 0,
  )
  try {
    const parts = await Promise.all(allowed.map((part) => requestPart(call, accessToken, part)))
    return Object.assign({}, ...parts) as Identity
  } catch {
    return undefined
  }
}

const requestPart = async (
  { fetch, dataCenter, deadlineMs }: EndpointCall,
  accessToken: Secret,
  { path, list, id: [idName, zohoIdName], name: [nameName, zohoNameName] }: IdentityRequest,
): Promise<Identity> => {
  const headers = { authorization: `Zoho-oauthtoken ${accessToken.reveal()}` }
  const { text } = await send(fetch, dataCenter.recruitApi + path, { headers }, deadlineMs)
  const value = parseJsonObject(text)?.(list)
  const entry = ownProperties(Array.isArray(value) ? value[0] : value)
  const id = toDisplayText(entry?.(zohoIdName))
  if (id === undefined) throw new MissingIdError()
  const name = toDisplayText(entry?.(zohoNameName))
  return { [idName]: id, ...(name !== undefined && { [nameName]: name }) }
}

/** An id or a name. It is text from outside: 1 to 255 characters without control characters. */
const toDisplayText = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^[^\x00-\x1f\x7f]{1,255}$/.test(text) ? text : undefined
}
