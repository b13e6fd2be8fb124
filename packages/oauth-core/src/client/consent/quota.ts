import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionId } from '../../domain/record.ts'
import { codeWindowEnd } from '../../machine/rate-limits.ts'
import type { ClientContext } from '../context.ts'
import { forgetConnection } from '../tokens/forget.ts'

/** The client's own row: a control character begins its id, which no connection's can have. */
const codesRow: ConnectionId = '\x1fcodes'

/**
 * Zoho gives one client, whoever connects, ten authorization codes in ten minutes, and says
 * `access_denied` then, as if the user had refused. The error to throw instead, while they are used
 * up.
 * @see https://www.zoho.com/crm/developer/docs/api/v8/token-validity.html
 */
export const checkCodeQuota = async (
  engine: ClientContext,
): Promise<RecruitOAuthError | undefined> => {
  // A row that can't be read, as after a change of keys, is counted anew: nobody could connect for
  // want of a count.
  const standing = await engine.repository
    .read(codesRow)
    .catch(() => forgetConnection(engine, codesRow))
  const retryAt = standing && codeWindowEnd(standing.record, standing.now)
  return retryAt ? new RecruitOAuthError('codes-exhausted', { retryAt }) : undefined
}

/**
 * Counts a code that became a consent: one that a browser made up would let anybody use up what all
 * share.
 */
export const recordCode = async (engine: ClientContext): Promise<void> => {
  // The consent stands all the same.
  await engine.repository.apply(codesRow, { type: 'codeIssued' }).catch(() => {})
}
