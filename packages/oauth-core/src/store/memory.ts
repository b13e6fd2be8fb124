import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { refuseUnknownOptions } from '../errors/unknown-options.ts'
import type { ConnectionId } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { utf8 } from '../internal/text.ts'
import type { ConnectionStore, ConnectionSummary, SealedRecord } from './connection-store.ts'

export interface MemoryStoreOptions {
  /**
   * The store's clock. Default: the process's monotonic clock, which does not follow a jump of the
   * host's clock.
   */
  readonly now?: () => EpochMs
}

/** The reference store, for development and tests. Its connections are lost with the process. */
export const memoryStore = (options: MemoryStoreOptions = {}): ConnectionStore => {
  refuseUnknownOptions(options, ['now'])
  const { now = () => performance.timeOrigin + performance.now() } = options
  const rows = new Map<ConnectionId, SealedRecord>()
  const asOf = () => Math.floor(now())
  return {
    async read(id) {
      const record = rows.get(id)
      return { asOf: asOf(), ...(record && { record }) }
    },
    async write(id, next, expected) {
      const written = (rows.get(id)?.revision ?? 'absent') === expected
      if (written && next) rows.set(id, Object.freeze({ ...next }))
      if (written && !next) rows.delete(id)
      return { written, asOf: asOf() }
    },
    async list({ principal, pending, after, limit }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RecruitOAuthError('argument-invalid', {
          summary: '`limit` is not an integer from 1 to 1000.',
        })
      return [...rows]
        .filter(
          ([id, row]) =>
            (after === undefined || toByteOrder(id) > toByteOrder(after)) &&
            (principal === undefined || row.principal === principal) &&
            (!pending || row.pending),
        )
        .toSorted(([a], [b]) => (toByteOrder(a) < toByteOrder(b) ? -1 : 1))
        .slice(0, limit)
        .map(
          ([id, { envelope: _envelope, revision: _revision, ...values }]): ConnectionSummary => ({
            id,
            ...values,
          }),
        )
    },
  }
}

/**
 * A string with one code unit for each UTF-8 byte of the id. `<` compares such strings in the order
 * that every database uses. `<` on the ids themselves would compare UTF-16 code units.
 */
const toByteOrder = (id: string): string => String.fromCharCode(...utf8(id))
