import type { Identity } from '../domain/record.ts'
import { missingScopes } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import { ownProperties, parseJsonObject } from '../internal/json.ts'
import type { EndpointCall } from './post.ts'
import { send } from './http.ts'

/**
 * Each part of an identity: the scope that permits to ask, where it is asked, the list that
 * answers, and what ours is called there.
 */
const parts = [
  [
    'ZohoRecruit.org.READ',
    '/org',
    'org',
    { organizationId: 'zgid', organizationName: 'company_name' },
  ],
  [
    'ZohoRecruit.users.READ',
    '/users?type=CurrentUser',
    'users',
    { userId: 'id', userName: 'full_name' },
  ],
] as const

/** An answer without an id is about nobody. Nothing outside this file sees the error. */
class NoIdentity extends Error {}

/**
 * Whom an access token speaks for, as far as `scopes` permit to ask the Recruit API; `undefined`
 * where a part that they permit was not told. The calls share the deadline. What the members are
 * called is known from other clients alone.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html
 */
export const requestIdentity = (
  { fetch, dataCenter, deadlineMs }: EndpointCall,
  accessToken: Secret,
  scopes: readonly string[],
): Promise<Identity | undefined> => {
  const headers = { authorization: `Zoho-oauthtoken ${accessToken.reveal()}` }
  const asked = parts.map(async ([scope, path, list, names]) => {
    if (missingScopes(scopes, [scope]).length > 0) return []
    const { text } = await send(fetch, dataCenter.recruitApi + path, { headers }, deadlineMs)
    const member = ownProperties([parseJsonObject(text)?.(list)].flat()[0])
    const told = Object.entries(names).map(
      ([ours, theirs]) => [ours, displayable(member?.(theirs))] as const,
    )
    if (told[0]?.[1] === undefined) throw new NoIdentity()
    return told.filter(([, value]) => value !== undefined)
  })
  return Promise.all(asked).then(
    (told) => Object.fromEntries(told.flat()) as Identity,
    () => undefined,
  )
}

/** An id or a name, which is text from outside. */
const displayable = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^[^\x00-\x1f\x7f]{1,255}$/.test(text) ? text : undefined
}
