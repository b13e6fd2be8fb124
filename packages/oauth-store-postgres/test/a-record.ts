import type { SealedRecord } from '@zrecruit/oauth-core'

/** A record that no other is equal to. */
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
