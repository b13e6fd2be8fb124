import type { SealedRecord } from '@zrecruit/oauth-core'
import type { Facts } from '../protocol/messages.ts'

/** The columns that both tables share. */
export interface FactsRow {
  readonly status: SealedRecord['status']
  readonly pending: 0 | 1
  readonly principal: string | null
  readonly data_center: string | null
}

export const factsOf = ({ status, pending, principal, data_center }: FactsRow): Facts => ({
  status,
  pending: pending === 1,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

export const columnsOf = ({ status, pending, principal, dataCenter }: Facts) =>
  [status, pending ? 1 : 0, principal ?? null, dataCenter ?? null] as const
