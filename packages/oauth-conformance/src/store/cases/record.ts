import type { ConnectionStore, ListQuery, SealedRecord } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { equal } from '../../cases/expect.ts'

/** As core makes them: 128 random bits. */
export const aRevision = (): string => randomBytes(16).toString('base64url')

/** A record that no other is equal to. */
export const aRecord = (facts: Partial<SealedRecord> = {}): SealedRecord => {
  const revision = aRevision()
  return { revision, status: 'active', unfinished: false, envelope: `envelope of ${revision}`, ...facts }
}

/** Writes a record where nothing stands. */
export const put = async (store: ConnectionStore, id: string, facts: Partial<SealedRecord> = {}): Promise<SealedRecord> => {
  const record = aRecord(facts)
  equal(await written(store.write(id, record, 'absent')), true, `written where nothing stood, at ${JSON.stringify(id)}`)
  return record
}

export const stored = async (store: ConnectionStore, id: string): Promise<SealedRecord | undefined> => (await store.read(id)).record

/** What stands there is this, to the octet; `undefined`: nothing. */
export const stands = async (store: ConnectionStore, id: string, record: SealedRecord | undefined): Promise<void> =>
  equal(await stored(store, id), record, `what stands at ${JSON.stringify(id)}`)

export const idsIn = async (store: ConnectionStore, query: ListQuery): Promise<string[]> => (await store.list(query)).map(({ id }) => id)

export const written = async (answer: Promise<{ readonly written: boolean }>): Promise<boolean> => (await answer).written
