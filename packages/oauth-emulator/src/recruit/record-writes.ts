import { BadRequest } from '../http/body.ts'
import type { RecruitRecord } from '../seed/records.ts'
import { isObject, nameAndId, readObject, type RecruitCall } from './call.ts'
import { fieldValue } from './field-values.ts'
import type { RecruitModule } from './module-table.ts'
import { createRecordIndex, type RecordIndex } from './record-index.ts'
import { type ItemResult, itemError, itemResults, recruitTime } from './responses.ts'

type Fields = Readonly<Record<string, unknown>>

/** The maximum of records in one request, as on the page insert-records. */
const maximumRecords = 100

/** Fields that only Recruit sets. */
const systemFields = ['id', 'Created_Time', 'Modified_Time', 'Created_By', 'Modified_By']

/** The parts of `Full_Name`. */
const nameFields = ['First_Name', 'Last_Name']

/** `POST /{module}`. https://www.zoho.com/recruit/developer-guide/apiv2/insert-records.html */
export async function insertRecords(call: RecruitCall, module: RecruitModule): Promise<Response> {
  const { items } = await readItems(call.request, module)
  return itemResults(
    items.map((fields) => insertRecord(call, module, fields)),
    201,
  )
}

/** `PUT /{module}`, with an `id` in each record, and `PUT /{module}/{id}` with one record. */
export async function updateRecords(
  call: RecruitCall,
  module: RecruitModule,
  id?: string,
): Promise<Response> {
  const { items } = await readItems(call.request, module)
  if (id !== undefined && items.length !== 1) throw new BadRequest('data must have one record here')
  return itemResults(
    items.map((fields) => updateRecord(call, module, id ?? fields['id'], fields)),
    200,
  )
}

/** `DELETE /{module}?ids=` and `DELETE /{module}/{id}`. Attachments are deleted too. */
export function deleteRecords(
  { state, organization }: RecruitCall,
  module: RecruitModule,
  ids: readonly string[],
): Response {
  if (ids.length < 1 || ids.length > maximumRecords)
    throw new BadRequest(`ids must name 1 to ${maximumRecords} records`)
  const { attachments } = state.recruit
  const records = state.recruit.records(organization, module)
  const results = ids.map((id): ItemResult => {
    if (!records.delete(id)) return unknownId(id)
    for (const attachment of attachments.values())
      if (attachment.recordId === id) attachments.delete(attachment.id)
    return { code: 'SUCCESS', details: { id }, message: 'record deleted', status: 'success' }
  })
  return itemResults(results, 200)
}

/**
 * `POST /{module}/upsert`: updates the record with the same values in the fields of
 * `duplicate_check_fields`, or inserts a new one.
 * https://www.zoho.com/recruit/developer-guide/apiv2/upsert-records.html
 */
export async function upsertRecords(call: RecruitCall, module: RecruitModule): Promise<Response> {
  const { items, body } = await readItems(call.request, module)
  const systemCheckFields =
    module.duplicateCheckField === undefined ? [] : [module.duplicateCheckField]
  const checkFields = body['duplicate_check_fields'] ?? systemCheckFields
  if (!isListOfNames(checkFields))
    throw new BadRequest('duplicate_check_fields must be a list of field names')
  const index = createRecordIndex(call.state.recruit.records(call.organization, module))
  const results = items.map((fields) => upsertRecord(call, module, index, fields, checkFields))
  const areAllNew = results.every(({ action }) => action === 'insert')
  return itemResults(results, areAllNew ? 201 : 200)
}

/**
 * Updates the record that has the same value in one of the fields, or inserts a new one. The index
 * is one of the module's records.
 */
export function upsertRecord(
  call: RecruitCall,
  module: RecruitModule,
  index: RecordIndex,
  fields: Fields,
  checkFields: readonly string[],
): ItemResult {
  for (const field of ['id', ...checkFields]) {
    const value = fieldValue(fields, field)
    const existing = isBlank(value) ? undefined : index.find(field, value)
    if (existing !== undefined) {
      const updated = updateRecord(call, module, existing.id, fields)
      index.update(existing.id)
      const duplicateField = field === 'id' ? null : field
      return { ...updated, duplicate_field: duplicateField, action: 'update' }
    }
  }
  const inserted = insertRecord(call, module, fields)
  if (inserted.status === 'success') index.update(String(inserted.details['id']))
  return { ...inserted, duplicate_field: null, action: 'insert' }
}

export function insertRecord(
  { state, organization, access }: RecruitCall,
  module: RecruitModule,
  fields: Fields,
): ItemResult {
  const missing = module.mandatoryFields.find((name) => isBlank(fields[name]))
  if (missing !== undefined)
    return itemError('MANDATORY_NOT_FOUND', { api_name: missing }, 'required field not found')
  const now = recruitTime(state.clock.now())
  const user = nameAndId(access.user)
  const id = state.recruit.nextId(organization)
  const record: RecruitRecord = {
    ...withFullName(module, ownFields(fields)),
    id,
    Created_Time: now,
    Modified_Time: now,
    Created_By: user,
    Modified_By: user,
  }
  state.recruit.records(organization, module).set(id, record)
  return success(record, 'record added')
}

export function updateRecord(
  { state, organization, access }: RecruitCall,
  module: RecruitModule,
  id: unknown,
  fields: Fields,
): ItemResult {
  const records = state.recruit.records(organization, module)
  const existing = typeof id === 'string' ? records.get(id) : undefined
  if (existing === undefined) return unknownId(id)
  const changes = ownFields(fields)
  const emptied = module.mandatoryFields.find((name) => name in changes && isBlank(changes[name]))
  if (emptied !== undefined)
    return itemError('MANDATORY_NOT_FOUND', { api_name: emptied }, 'required field not found')
  const record: RecruitRecord = {
    ...withFullName(module, { ...existing, ...changes }),
    id: existing.id,
    Modified_Time: recruitTime(state.clock.now()),
    Modified_By: nameAndId(access.user),
  }
  records.set(record.id, record)
  return success(record, 'record updated')
}

function success(record: RecruitRecord, message: string): ItemResult {
  const { id, Created_Time, Modified_Time, Created_By, Modified_By } = record
  const details = { Modified_Time, Modified_By, Created_Time, id, Created_By }
  return { code: 'SUCCESS', details, message, status: 'success' }
}

function unknownId(id: unknown): ItemResult {
  if (id === undefined)
    return itemError('MANDATORY_NOT_FOUND', { api_name: 'id' }, 'required field not found')
  return itemError('INVALID_DATA', { id }, 'the id given seems to be invalid')
}

async function readItems(
  request: Request,
  { hasFullName }: RecruitModule,
): Promise<{ body: Fields; items: readonly Fields[] }> {
  const body = await readObject(request)
  const items = body['data']
  const isList = Array.isArray(items) && items.length >= 1 && items.length <= maximumRecords
  if (!isList || !items.every(isObject))
    throw new BadRequest(`data must be a list of 1 to ${maximumRecords} records`)
  const areNamesText = items.every((fields) => nameFields.every((name) => isText(fields[name])))
  if (hasFullName === true && !areNamesText)
    throw new BadRequest(`${nameFields.join(' and ')} must be text`)
  return { body, items }
}

function isText(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string'
}

function ownFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !systemFields.includes(name)))
}

function withFullName(module: RecruitModule, fields: Fields): Fields {
  if (module.hasFullName !== true) return fields
  const names = nameFields.map((name) => fields[name]).filter((name) => !isBlank(name))
  return { ...fields, Full_Name: names.join(' ') }
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
