import assert from 'node:assert/strict'
import type { ConnectionStore, ListQuery, SealedRecord } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'

export const put = async (
  store: ConnectionStore,
  id: string,
  fields: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = createRecord(fields)
  assert.equal(
    (await store.write(id, record, 'absent')).written,
    true,
    `no record existed at ${JSON.stringify(id)}`,
  )
  return record
}
export const readRecord = async (store: ConnectionStore, id: string) =>
  (await store.read(id)).record
export const listIds = async (store: ConnectionStore, query: ListQuery) =>
  (await store.list(query)).map(({ id }) => id)
