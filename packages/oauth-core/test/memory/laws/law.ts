import assert from 'node:assert/strict'
import type { ConnectionStore, SealedRecord } from '../../../src/ports/index.ts'

/** One promise of a store, as data. It gets a new, empty store. */
export interface StoreLaw {
  readonly title: string
  run(store: ConnectionStore): Promise<void>
}

let revisions = 0
/** A record that no other is equal to. */
export const aRecord = (facts: Partial<SealedRecord> = {}): SealedRecord => {
  const revision = `revision-${++revisions}`
  return { revision, status: 'active', unfinished: false, envelope: `envelope of ${revision}`, ...facts }
}

export const put = async (store: ConnectionStore, id: string, facts: Partial<SealedRecord> = {}) => {
  const record = aRecord(facts)
  assert.equal((await store.write(id, record, 'absent')).written, true, `nothing stood at ${JSON.stringify(id)}`)
  return record
}
export const stored = async (store: ConnectionStore, id: string) => (await store.read(id)).record
export const ids = async (store: ConnectionStore, query: Parameters<ConnectionStore['list']>[0]) => (await store.list(query)).map(({ id }) => id)
export const written = async (answer: Promise<{ written: boolean }>) => (await answer).written

/** Ids that a careless store takes for one another, or chokes on. */
export const names = [
  'acme', 'Acme', 'ACME', 'acme ', ' acme', 'acme.', '1', '01', '1.0', '1e0', 'true', 'null', 'absent', '', '__proto__', 'constructor', 'hasOwnProperty',
  'caf\u00e9', 'cafe\u0301', '\u212b', '\u00c5', 'A\u030a', 'ß', 'ss', 'İ', 'i', 'ı', 'ﬁ', 'fi', 'Ⅳ', 'IV', '日本', '😀', '😀😀', '\u200b', '\ufeff', '\ufeffacme',
  "'", "'; DROP TABLE zrecruit_connections; --", '"', '`', '%', '_', '*', '?', ':id', '$1', '\\', '\n', '\r\n', '\t', 'a/b', 'a:b', 'a,b', 'x'.repeat(4096),
]
