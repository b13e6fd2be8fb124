import type { SealedRecord } from '@zrecruit/oauth-core'
import type { IndexedFields } from '../protocol/messages.ts'

/** The columns of the indexed fields, which the index and the object of a connection share. */
export interface IndexedRow {
  readonly status: SealedRecord['status']
  readonly pending: 0 | 1
  readonly principal: string | null
  readonly data_center: string | null
}

export const indexedFieldsOf = ({
  status,
  pending,
  principal,
  data_center,
}: IndexedRow): IndexedFields => ({
  status,
  pending: pending === 1,
  ...(principal !== null && { principal }),
  ...(data_center !== null && { dataCenter: data_center }),
})

export const columnsOf = ({ status, pending, principal, dataCenter }: IndexedFields) =>
  [status, pending ? 1 : 0, principal ?? null, dataCenter ?? null] as const
