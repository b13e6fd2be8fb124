import type { SealedRecord } from '../packages/oauth-core/src/store/connection-store.ts'

/**
 * A valid record with its own revision, named in its envelope; `fields` replace its defaults.
 *
 * The type is imported by path because core's tests use this package: a dependency on core would be
 * a cycle between the two packages.
 */
export const createRecord = (fields: Partial<SealedRecord> = {}): SealedRecord => {
  const { revision = crypto.randomUUID() } = fields
  return {
    revision,
    status: 'active',
    pending: false,
    envelope: `envelope of ${revision}`,
    ...fields,
  }
}
