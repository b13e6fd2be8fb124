import type { RecruitRecord } from '../seed/records.ts'
import { fieldValue } from './field-values.ts'

/**
 * Finds records by the value of a field without comparing all of them. Otherwise an upsert of
 * 25,000 rows takes several seconds, in which no server of the emulator answers.
 */
export interface RecordIndex {
  find(field: string, value: unknown): RecruitRecord | undefined
  /** Call it after each record that was added or changed. */
  update(id: string): void
}

/** Indexes the fields that are searched, each at its first search. */
export function createRecordIndex(records: ReadonlyMap<string, RecruitRecord>): RecordIndex {
  const idsByField = new Map<string, Map<unknown, Set<string>>>()

  const add = (idsByValue: Map<unknown, Set<string>>, field: string, record: RecruitRecord) => {
    const value = fieldValue(record, field)
    const ids = idsByValue.get(value) ?? new Set()
    idsByValue.set(value, ids.add(record.id))
  }
  const indexField = (field: string) => {
    const idsByValue = new Map<unknown, Set<string>>()
    for (const record of records.values()) add(idsByValue, field, record)
    idsByField.set(field, idsByValue)
    return idsByValue
  }

  return {
    find(field, value) {
      const ids = (idsByField.get(field) ?? indexField(field)).get(value) ?? new Set<string>()
      for (const id of ids) {
        const record = records.get(id)
        if (record !== undefined && fieldValue(record, field) === value) return record
        // The record has another value now, or was deleted.
        ids.delete(id)
      }
      return undefined
    },
    update(id) {
      const record = records.get(id)
      if (record === undefined) return
      for (const [field, idsByValue] of idsByField) add(idsByValue, field, record)
    },
  }
}
