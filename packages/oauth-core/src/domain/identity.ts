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

export const hasAccountId = ({ organizationId, userId }: Identity): boolean =>
  Boolean(organizationId ?? userId)

export const isSameIdentity = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined &&
  before.organizationId === after.organizationId &&
  before.organizationName === after.organizationName &&
  before.userId === after.userId &&
  before.userName === after.userName
