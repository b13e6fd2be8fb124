import type { ConnectionId, EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { ObjectStorage } from '../cloudflare.ts'
import { columnsOf, factsOf, type FactsRow } from './rows.ts'

/** The pending tasks of a connection's object, written in one transaction with the record. */
export interface Schedule {
  readonly id: ConnectionId
  /** When the facts changed last, as `EpochMs`. Grows with each change, even in one millisecond. */
  readonly sequence: number
  /** When to send the facts to the index (again); null once the index has acknowledged them. */
  readonly publishAt: EpochMs | null
  /** When to do other work, which depends on the record; null if there is none. */
  readonly workAt: EpochMs | null
}

/**
 * The tables of a connection's object, with one row each. The first write creates them, so that
 * reading a missing connection uses no storage.
 */
export interface ConnectionTable {
  record(): SealedRecord | undefined
  schedule(): Schedule | undefined
  /** Writes both in one transaction. */
  put(record: SealedRecord | undefined, schedule: Schedule): void
  putSchedule(schedule: Schedule): void
  /** Removes the tables and the alarm. */
  wipe(): Promise<void>
}

const schema = `
  CREATE TABLE zrecruit_connection (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    revision TEXT NOT NULL,
    status TEXT NOT NULL,
    pending INTEGER NOT NULL,
    principal TEXT,
    data_center TEXT,
    envelope TEXT NOT NULL
  ) STRICT;
  CREATE TABLE zrecruit_schedule (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    publish_at INTEGER,
    work_at INTEGER
  ) STRICT;`

export const createConnectionTable = (storage: ObjectStorage): ConnectionTable => {
  const { sql } = storage
  let isCreated: boolean | undefined
  const hasTables = () =>
    (isCreated ??=
      sql.exec(`SELECT 1 FROM sqlite_schema WHERE name = 'zrecruit_schedule'`).toArray().length > 0)
  const row = <T>(table: string): T | undefined =>
    hasTables() ? (sql.exec(`SELECT * FROM ${table}`).toArray()[0] as T | undefined) : undefined
  const putSchedule = ({ id, sequence, publishAt, workAt }: Schedule) => {
    sql.exec(
      'INSERT OR REPLACE INTO zrecruit_schedule VALUES (1, ?, ?, ?, ?)',
      id,
      sequence,
      publishAt,
      workAt,
    )
  }
  return {
    record() {
      const stored = row<FactsRow & Pick<SealedRecord, 'revision' | 'envelope'>>(
        'zrecruit_connection',
      )
      return stored && { revision: stored.revision, ...factsOf(stored), envelope: stored.envelope }
    },
    schedule() {
      const stored = row<{
        id: string
        sequence: number
        publish_at: number | null
        work_at: number | null
      }>('zrecruit_schedule')
      return (
        stored && {
          id: stored.id,
          sequence: stored.sequence,
          publishAt: stored.publish_at,
          workAt: stored.work_at,
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
      isCreated = true
    },
    putSchedule,
    async wipe() {
      isCreated = false
      // Both calls start before the first `await`, so no other request runs in between.
      await Promise.all([storage.deleteAlarm(), storage.deleteAll()])
    },
  }
}
