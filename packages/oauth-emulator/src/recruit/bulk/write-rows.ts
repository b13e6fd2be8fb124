import type { RecruitCall } from '../call.ts'
import { fieldValue } from '../field-values.ts'
import { createRecordIndex, type RecordIndex } from '../record-index.ts'
import { insertRecord, updateRecord, upsertRecord } from '../record-writes.ts'
import { type ItemResult, itemError } from '../responses.ts'
import type { WriteTable } from './write-table.ts'
import type { FieldMapping, WriteOperation, WriteResource } from './write-request.ts'

/** What became of a row of the file. */
export interface RowResult {
  readonly outcome: 'added' | 'updated' | 'skipped'
  /** Empty for a skipped row. */
  readonly recordId: string
  /** Empty unless the row was skipped. */
  readonly error: string
  readonly cells: readonly string[]
}

/** Writes the rows of a file as records. */
export function writeRows(
  call: RecruitCall,
  operation: WriteOperation,
  resource: WriteResource,
  { columns, rows }: WriteTable,
): readonly RowResult[] {
  const mappings =
    resource.fieldMappings.length > 0
      ? resource.fieldMappings
      : columns.map((name, index) => ({ api_name: name, index }))
  const index = createRecordIndex(call.state.recruit.records(call.organization, resource.module))
  return rows.map((cells) => {
    const fields = toFields(cells, mappings)
    return toRowResult(writeRow(call, operation, resource, index, fields), cells)
  })
}

/** An empty cell does not set a field. */
function toFields(
  cells: readonly string[],
  mappings: readonly FieldMapping[],
): Readonly<Record<string, string>> {
  const pairs = mappings.map(({ api_name: name, index, default_value: fallback }) => {
    const cell = index === undefined ? '' : (cells[index] ?? '')
    return [name, cell === '' ? (fallback?.value ?? '') : cell] as const
  })
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''))
}

function writeRow(
  call: RecruitCall,
  operation: WriteOperation,
  { module, findBy = 'id' }: WriteResource,
  index: RecordIndex,
  fields: Readonly<Record<string, string>>,
): ItemResult {
  if (operation === 'insert') return insertRecord(call, module, fields)
  if (operation === 'upsert') return upsertRecord(call, module, index, fields, [findBy])
  const value = fieldValue(fields, findBy)
  const existing = value === undefined ? undefined : index.find(findBy, value)
  if (existing === undefined)
    return itemError('INVALID_DATA', { api_name: findBy }, 'no record has this value')
  const updated = updateRecord(call, module, existing.id, fields)
  index.update(existing.id)
  return updated
}

function toRowResult(result: ItemResult, cells: readonly string[]): RowResult {
  if (result.status === 'error')
    return { outcome: 'skipped', recordId: '', error: result.code, cells }
  const isUpdate = result.message === 'record updated'
  return {
    outcome: isUpdate ? 'updated' : 'added',
    recordId: String(result.details['id']),
    error: '',
    cells,
  }
}
