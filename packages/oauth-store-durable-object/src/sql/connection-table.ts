import type { ConnectionId, EpochMs, SealedRecord } from '@zrecruit/oauth-core'
import type { ObjectStorage } from '../cloudflare.ts'
import { columnsOf, factsOf, type FactsRow } from './rows.ts'

/**
 * What a connection's object has still to do, kept beside the record and written with it in one
 * transaction.
 */
export interface Schedule {
  readonly id: ConnectionId
  /** When the facts changed last. It only grows: two changes in one millisecond are told apart. */
  readonly sequence: number
  /** The index does not know the facts yet: tell it (again) then. */
  readonly tellAt: EpochMs | null
  /** Something else is to be done then; what, the record says. */
  readonly workAt: EpochMs | null
}

/**
 * The tables of a connection's object: one row each. They are made by the first write, so that
 * reading what is not there costs no storage.
 */
export interface ConnectionTable {
  record(): SealedRecord | undefined
  agenda(): Schedule | undefined
  /** All of it or nothing. */
  put(record: SealedRecord | undefined, agenda: Schedule): void
  putAgenda(agenda: Schedule): void
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
  CREATE TABLE zrecruit_agenda (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    tell_at INTEGER,
    work_at INTEGER
  ) STRICT;`

export const connectionTable = (storage: ObjectStorage): ConnectionTable => {
  const { sql } = storage
  let made: boolean | undefined
  const isMade = () =>
    (made ??=
      sql.exec(`SELECT 1 FROM sqlite_schema WHERE name = 'zrecruit_agenda'`).toArray().length > 0)
  const row = <T>(table: string): T | undefined =>
    isMade() ? (sql.exec(`SELECT * FROM ${table}`).toArray()[0] as T | undefined) : undefined
  const putAgenda = ({ id, sequence, tellAt, workAt }: Schedule) => {
    sql.exec(
      'INSERT OR REPLACE INTO zrecruit_agenda VALUES (1, ?, ?, ?, ?)',
      id,
      sequence,
      tellAt,
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
    agenda() {
      const stored = row<{
        id: string
        sequence: number
        tell_at: number | null
        work_at: number | null
      }>('zrecruit_agenda')
      return (
        stored && {
          id: stored.id,
          sequence: stored.sequence,
          tellAt: stored.tell_at,
          workAt: stored.work_at,
        }
      )
    },
    put(record, agenda) {
      storage.transactionSync(() => {
        if (!isMade()) sql.exec(schema)
        if (record)
          sql.exec(
            'INSERT OR REPLACE INTO zrecruit_connection VALUES (1, ?, ?, ?, ?, ?, ?)',
            record.revision,
            ...columnsOf(record),
            record.envelope,
          )
        else sql.exec('DELETE FROM zrecruit_connection')
        putAgenda(agenda)
      })
      made = true
    },
    putAgenda,
    async wipe() {
      made = false
      // Both before anything is awaited: nobody comes in between.
      await Promise.all([storage.deleteAlarm(), storage.deleteAll()])
    },
  }
}
