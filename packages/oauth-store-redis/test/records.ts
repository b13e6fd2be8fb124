import assert from 'node:assert/strict'
import type { ConnectionStore, ListQuery, SealedRecord } from '@zrecruit/oauth-core'

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

export const put = async (
  store: ConnectionStore,
  id: string,
  facts: Partial<SealedRecord> = {},
): Promise<SealedRecord> => {
  const record = aRecord(facts)
  assert.equal(
    (await store.write(id, record, 'absent')).written,
    true,
    `nothing stood at ${JSON.stringify(id)}`,
  )
  return record
}
export const stored = async (store: ConnectionStore, id: string) => (await store.read(id)).record
export const ids = async (store: ConnectionStore, query: ListQuery) =>
  (await store.list(query)).map(({ id }) => id)
