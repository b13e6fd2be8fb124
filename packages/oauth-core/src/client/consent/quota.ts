import {
  decodeCodeQuota,
  emptyCodeQuota,
  encodeCodeQuota,
  type CodeQuota,
} from '../../domain/code-quota.ts'
import { timeBudget, type EpochMs } from '../../domain/time.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { sleep } from '../../internal/async.ts'
import { codesRetryAt, addInstants } from '../../machine/rate-limits.ts'
import type { Revision } from '../../store/connection-store.ts'
import { open, seal } from '../../store/seal.ts'
import { randomId, type ClientContext } from '../context.ts'

/**
 * The row that holds the quota. No connection can have this id, because it begins with a control
 * character.
 */
const quotaRow = '\x1fcodes'

interface StoredQuota {
  readonly quota: CodeQuota
  readonly now: EpochMs
  readonly revision: Revision | 'absent'
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
  const { quota, now } = await readQuota(client)
  const retryAt = codesRetryAt(quota.exchangedAt, now)
  return retryAt ? new RecruitOAuthError('codes-exhausted', { retryAt }) : undefined
}

/**
 * Counts a code that Zoho exchanged for tokens, after the outcome is stored. A code whose exchange
 * failed is not counted: anyone can send invented codes to the callback, and would use up the quota
 * of all users. If the count cannot be stored, it is dropped without an error.
 */
export const recordCode = async (client: ClientContext): Promise<void> => {
  const { monotonic, random } = client.config
  const deadline = monotonic() + timeBudget.commitMs
  try {
    while (true) {
      const isWritten = await writeCode(client, await readQuota(client))
      if (isWritten || monotonic() >= deadline) return
      // Another process wrote the row: try again after up to 255 ms.
      await sleep(random(1)[0] as number)
    }
  } catch {
    // The store failed, so the code is not counted.
  }
}

/**
 * Reads the quota. A row that cannot be opened, for example after a change of keys, counts as
 * empty. Otherwise nobody could connect.
 */
const readQuota = async ({ config, repository }: ClientContext): Promise<StoredQuota> => {
  const { record: row, asOf: now } = await repository.readRow(quotaRow)
  if (!row) return { quota: emptyCodeQuota, now, revision: 'absent' }
  const identity = [config.clientId, row.revision]
  const opened = await open(config.keyRing, 'code-quota', identity, row.envelope)
  const quota = 'text' in opened ? decodeCodeQuota(opened.text) : undefined
  return { quota: quota ?? emptyCodeQuota, now, revision: row.revision }
}

/** Adds a code to the quota. `false`: another process has written the row meanwhile. */
const writeCode = async (
  client: ClientContext,
  { quota, now, revision: expected }: StoredQuota,
): Promise<boolean> => {
  const { keyRing, random, clientId } = client.config
  const revision = randomId(client)
  const text = encodeCodeQuota({ exchangedAt: addInstants(quota.exchangedAt, 1, now) })
  const envelope = await seal(keyRing, random, 'code-quota', [clientId, revision], text)
  const row = { revision, status: 'none', pending: false, envelope } as const
  const { written } = await client.repository.writeRow(quotaRow, row, expected)
  return written
}
