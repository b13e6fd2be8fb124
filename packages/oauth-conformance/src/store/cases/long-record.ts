import type { SealedRecord } from '@zrecruit/oauth-core'
import { aRecord } from './record.ts'

/** A long one, whose parts tell to which record they belong. */
export const longRecord = (owner: string): SealedRecord => {
  const record = aRecord({ owner })
  return { ...record, envelope: `${record.revision} ${owner} `.repeat(1_500) }
}

export const isWhole = ({ revision, owner, envelope }: SealedRecord): boolean =>
  envelope === `${revision} ${owner} `.repeat(1_500)
