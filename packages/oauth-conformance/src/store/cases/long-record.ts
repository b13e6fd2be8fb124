import type { SealedRecord } from '@zrecruit/oauth-core'
import { createRecord } from './record.ts'

/** A long record. Every part of its envelope names the record. */
export const longRecord = (principal: string): SealedRecord => {
  const record = createRecord({ principal })
  return { ...record, envelope: `${record.revision} ${principal} `.repeat(1_500) }
}

export const isWhole = ({ revision, principal, envelope }: SealedRecord): boolean =>
  envelope === `${revision} ${principal} `.repeat(1_500)
