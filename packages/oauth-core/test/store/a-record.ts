import type { SealedRecord } from '../../src/store/connection-store.ts'

/**
 * A record that no other is equal to. What every store promises of records is held by
 * @zrecruit/oauth-conformance.
 */
export const aRecord = (facts: Partial<SealedRecord> = {}): SealedRecord => {
  const revision = crypto.randomUUID()
  return {
    revision,
    status: 'active',
    pending: false,
    envelope: `envelope of ${revision}`,
    ...facts,
  }
}
