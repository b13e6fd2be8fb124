import {
  decodeCodeQuota,
  emptyCodeQuota,
  encodeCodeQuota,
  type CodeQuota,
} from '../../domain/code-quota.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { codesRetryAt, addInstants } from '../../machine/rate-limits.ts'
import type { ClientContext } from '../context.ts'
import { readSharedRow, updateSharedRow, type SharedRow } from './shared-row.ts'

const quotaRow: SharedRow<CodeQuota> = {
  id: '\x1fcodes',
  purpose: 'code-quota',
  empty: emptyCodeQuota,
  encode: encodeCodeQuota,
  decode: decodeCodeQuota,
}

/**
 * Zoho issues at most ten authorization codes to a client within ten minutes, for all users
 * together. After that it answers `access_denied`, as if the user had refused. While the quota is
 * used up, this function returns `codes-exhausted`, which the caller throws.
 * @see https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html
 * @throws `store-unavailable`
 */
export const checkCodeQuota = async (
  client: ClientContext,
): Promise<RecruitOAuthError | undefined> => {
  const { value: quota, now } = await readSharedRow(client, quotaRow)
  const retryAt = codesRetryAt(quota.exchangedAt, now)
  return retryAt ? new RecruitOAuthError('codes-exhausted', { retryAt }) : undefined
}

/**
 * Counts a code that Zoho exchanged for tokens, after the outcome is stored. A code whose exchange
 * failed is not counted: anyone can send invented codes to the callback, and would use up the quota
 * of all users. If the count cannot be stored, it is dropped without an error.
 */
export const recordCode = async (client: ClientContext): Promise<void> => {
  await updateSharedRow(client, quotaRow, ({ exchangedAt }, now) => ({
    exchangedAt: addInstants(exchangedAt, 1, now),
  })).catch(() => {})
}
