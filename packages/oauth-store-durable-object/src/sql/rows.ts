import type { SealedRecord } from '@zrecruit/oauth-core'
import type { Facts } from '../protocol/messages.ts'

/** The columns that both tables share. */
export interface FactsRow {
  readonly status: SealedRecord['status']
  readonly unfinished: 0 | 1
  readonly owner: string | null
  readonly data_center: string | null
}

export const factsOf = ({ status, unfinished, owner, data_center }: FactsRow): Facts => ({
  status,
  unfinished: unfinished === 1,
  ...(owner !== null && { owner }),
  ...(data_center !== null && { dataCenter: data_center }),
})

export const columnsOf = ({ status, unfinished, owner, dataCenter }: Facts) =>
  [status, unfinished ? 1 : 0, owner ?? null, dataCenter ?? null] as const
