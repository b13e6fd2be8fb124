import type { SealedRecord } from '../packages/oauth-core/src/store/connection-store.ts'

/**
 * Creates a valid record with a new revision, which its envelope contains. `fields` replace the
 * defaults.
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
