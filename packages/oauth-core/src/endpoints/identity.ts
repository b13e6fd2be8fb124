import type { IdentityFailure } from '../domain/identity.ts'
import type { Identity } from '../domain/record.ts'
import { missingScopes } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import { ownProperties, parseJsonObject, type PropertyReader } from '../internal/json.ts'
import { send, type EndpointCall } from './http.ts'
import type { EndpointError } from './outcome.ts'

/**
 * The requests that read an identity. `scope` is the scope that the request needs. `list` is the
 * property of the response that holds the entry. `id` and `displayName` say which property of the
 * entry (`zohoProperty`) becomes which one of the `Identity` (`property`).
 */
const identityRequests = [
  {
    scope: 'ZohoRecruit.org.READ',
    request: '/org',
    query: '',
    list: 'org',
    id: { property: 'organizationId', zohoProperty: 'zgid' },
    displayName: { property: 'organizationName', zohoProperty: 'company_name' },
  },
  {
    scope: 'ZohoRecruit.users.READ',
    request: '/users',
    query: '?type=CurrentUser',
    list: 'users',
    id: { property: 'userId', zohoProperty: 'id' },
    displayName: { property: 'userName', zohoProperty: 'full_name' },
  },
] as const

type IdentityRequest = (typeof identityRequests)[number]

/** What the Recruit API said about the account of an access token. */
export interface AccountReading {
  readonly identity: Identity
  readonly failures: readonly IdentityFailure[]
}

/**
 * Reads the account of an access token from the Recruit API, as far as `scopes` allow it. A failed
 * request does not affect the other one. Both share the deadline. Zoho does not document the names
 * of all properties; `zgid` and the ones of the user are known from other clients.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/get-org-data.html
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/get-users.html
 */
export const requestIdentity = async (
  call: EndpointCall,
  accessToken: Secret,
  scopes: readonly string[],
): Promise<AccountReading> => {
  const allowed = identityRequests.filter(
    ({ scope }) => missingScopes(scopes, [scope]).length === 0,
  )
  const readings = await Promise.all(allowed.map((part) => requestPart(call, accessToken, part)))
  return {
    identity: Object.assign({}, ...readings.map(({ identity }) => identity)) as Identity,
    failures: readings.flatMap(({ failures }) => failures),
  }
}

const requestPart = async (
  { fetch, dataCenter, deadlineMs }: EndpointCall,
  accessToken: Secret,
  identityRequest: IdentityRequest,
): Promise<AccountReading> => {
  const { request, query, list, id, displayName } = identityRequest
  const headers = { authorization: `Zoho-oauthtoken ${accessToken.reveal()}` }
  try {
    const url = dataCenter.recruitApi + request + query
    const { status, text } = await send(fetch, url, { headers }, deadlineMs)
    const value = parseJsonObject(text)?.(list)
    const entry = ownProperties(Array.isArray(value) ? value[0] : value)
    const identity = { ...readMember(entry, id), ...readMember(entry, displayName) }
    const hasId = Object.hasOwn(identity, id.property)
    return { identity, failures: hasId ? [] : [{ request, zohoStatus: status }] }
  } catch (error) {
    // `send` throws nothing else.
    const { status } = (error as EndpointError).failure
    return { identity: {}, failures: [{ request, ...(status && { zohoStatus: status }) }] }
  }
}

const readMember = (
  entry: PropertyReader | undefined,
  { property, zohoProperty }: IdentityRequest['id' | 'displayName'],
): Identity => {
  const text = toDisplayText(entry?.(zohoProperty))
  return text === undefined ? {} : { [property]: text }
}

/** An id or a name. It is text from outside: 1 to 255 characters without control characters. */
const toDisplayText = (value: unknown): string | undefined => {
  // A larger number has lost digits, so two accounts could get the same id.
  const text = Number.isSafeInteger(value) ? String(value) : value
  return typeof text === 'string' && /^[^\x00-\x1f\x7f]{1,255}$/.test(text) ? text : undefined
}
