import type { ConnectionId, EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { ObjectStorage } from '../cloudflare.ts'
import { columnsOf, indexedFieldsOf, type IndexedRow } from './rows.ts'

/**
 * What the Durable Object of a connection stores beside the record: its id, the version of its
 * indexed fields, and when its two tasks are due.
 */
export interface Schedule {
  readonly id: ConnectionId
  /**
   * Version of the indexed fields: the time of their last change in epoch milliseconds, or the
   * previous version plus one if that is greater. So it is strictly increasing, even if two changes
   * fall in the same millisecond.
   */
  readonly sequence: number
  /** When to send the indexed fields to the index (again); null once the index has them. */
  readonly publishAt: EpochMs | null
  /**
   * When to finish a pending revocation or exchange, or, if the record was removed, when to delete
   * the tables; null if there is nothing to do.
   */
  readonly maintenanceAt: EpochMs | null
}

/**
 * The two tables of the Durable Object of a connection, with at most one row each. The first write
 * creates them, so that reading a missing connection uses no storage.
 */
export interface ConnectionTables {
  record(): SealedRecord | undefined
  schedule(): Schedule | undefined
  /** Stores the schedule, and stores the record or deletes it (`undefined`), in one transaction. */
  put(record: SealedRecord | undefined, schedule: Schedule): void
  putSchedule(schedule: Schedule): void
  /** Removes the tables and the alarm. */
  wipe(): Promise<void>
}

const schema = `
  CREATE TABLE zrecruit_connection (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    revision TEXT NOT NULL,
    status TEXT NOT NULL,
    pending INTEGER NOT NULL,
    principal TEXT,
    data_center TEXT,
    envelope TEXT NOT NULL
  ) STRICT;
  CREATE TABLE zrecruit_schedule (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1),
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    publish_at INTEGER,
    maintenance_at INTEGER
  ) STRICT;`

export const createConnectionTables = (storage: ObjectStorage): ConnectionTables => {
  const { sql } = storage
  let areCreated: boolean | undefined
  const hasTables = () =>
    (areCreated ??=
      sql.exec(`SELECT 1 FROM sqlite_schema WHERE name = 'zrecruit_schedule'`).toArray().length > 0)
  const row = <T>(table: string): T | undefined =>
    hasTables() ? (sql.exec(`SELECT * FROM ${table}`).toArray()[0] as T | undefined) : undefined
  const putSchedule = ({ id, sequence, publishAt, maintenanceAt }: Schedule) => {
    sql.exec(
      'INSERT OR REPLACE INTO zrecruit_schedule VALUES (1, ?, ?, ?, ?)',
      id,
      sequence,
      publishAt,
      maintenanceAt,
    )
  }
  return {
    record() {
      const stored = row<IndexedRow & Pick<SealedRecord, 'revision' | 'envelope'>>(
        'zrecruit_connection',
      )
      return (
        stored && {
          revision: stored.revision,
          ...indexedFieldsOf(stored),
          envelope: stored.envelope,
        }
      )
    },
    schedule() {
      const stored = row<{
        id: string
        sequence: number
        publish_at: number | null
        maintenance_at: number | null
      }>('zrecruit_schedule')
      return (
        stored && {
          id: stored.id,
          sequence: stored.sequence,
          publishAt: stored.publish_at,
          maintenanceAt: stored.maintenance_at,
        }
      )
    },
    put(record, schedule) {
      storage.transactionSync(() => {
        if (!hasTables()) sql.exec(schema)
        if (record)
          sql.exec(
            'INSERT OR REPLACE INTO zrecruit_connection VALUES (1, ?, ?, ?, ?, ?, ?)',
            record.revision,
            ...columnsOf(record),
            record.envelope,
          )
        else sql.exec('DELETE FROM zrecruit_connection')
        putSchedule(schedule)
      })
      areCreated = true
    },
    putSchedule,
    async wipe() {
      areCreated = undefined
      // Both calls start before the first `await`, so no other request runs in between.
      await Promise.all([storage.deleteAlarm(), storage.deleteAll()])
    },
  }
}
