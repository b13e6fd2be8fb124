import type { Identity } from './record.ts'

/**
 * May a new consent change the Zoho account of a connection? `same-organization`: another user of
 * the same organization may connect.
 */
export type AccountSwitch = boolean | 'same-organization'

/**
 * May the account `after` replace the account `before`? `unknown`: the two have no id of the same
 * kind that would answer it.
 */
export const compareAccounts = (
  before: Identity,
  after: Identity,
  allowed: AccountSwitch,
): 'allowed' | 'different' | 'unknown' => {
  if (allowed === true) return 'allowed'
  const organizations = compareIds(before.organizationId, after.organizationId)
  const users = compareIds(before.userId, after.userId)
  if (organizations === 'different') return 'different'
  if (users === 'different' && allowed === false) return 'different'
  return organizations === 'same' || users === 'same' ? 'allowed' : 'unknown'
}

const compareIds = (
  before: string | undefined,
  after: string | undefined,
): 'same' | 'different' | 'unknown' => {
  if (before === undefined || after === undefined) return 'unknown'
  return before === after ? 'same' : 'different'
}

/**
 * The account of a connection after a consent with the same account. What the consent could not
 * read stays as it was known before.
 */
export const mergeIdentities = (before: Identity, after: Identity): Identity => {
  const organization = after.organizationId === undefined ? before : after
  const user = after.userId === undefined ? before : after
  const { organizationId, organizationName } = organization
  const { userId, userName } = user
  const members = Object.entries({ organizationId, organizationName, userId, userName })
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

export const hasAccountId = ({ organizationId, userId }: Identity): boolean =>
  Boolean(organizationId ?? userId)

export const isSameIdentity = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined &&
  before.organizationId === after.organizationId &&
  before.organizationName === after.organizationName &&
  before.userId === after.userId &&
  before.userName === after.userName

/** A request that the requested scopes allow, and that gave no id. */
export interface IdentityFailure {
  /** Path of the request, relative to the Recruit API. */
  readonly request: '/org' | '/users'
  /** HTTP status of the response; absent if there was none. */
  readonly zohoStatus?: number
}

const idProperties = { '/org': 'zgid', '/users': 'id' } as const

/** A part of a sentence for the developer, such as "`/users` responded with status 403". */
export const describeFailure = ({ request, zohoStatus }: IdentityFailure): string => {
  if (zohoStatus === undefined) return `\`${request}\` did not respond`
  return zohoStatus === 200
    ? `\`${request}\` responded without \`${idProperties[request]}\``
    : `\`${request}\` responded with status ${zohoStatus}`
}
