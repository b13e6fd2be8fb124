import { BadRequest } from '../../http/body.ts'
import { isObject, type RecruitCall } from '../call.ts'
import { modules, type RecruitModule } from '../module-table.ts'
import type { UploadedFile } from '../recruit-data.ts'

export type WriteOperation = 'insert' | 'update' | 'upsert'

/** Which column of the file is which field. */
export interface FieldMapping {
  readonly api_name: string
  /** The number of the column, from 0. */
  readonly index?: number
  /** The value of the field where the column is empty or missing. */
  readonly default_value?: { readonly value: string }
}

/** A module, and how the columns of the file become its records. */
export interface WriteResource {
  readonly module: RecruitModule
  readonly fileName: string
  /** Empty: the first row of the file has the names of the fields. */
  readonly fieldMappings: readonly FieldMapping[]
  /** The field by which an update finds the existing record. Default: `id`. */
  readonly findBy: string | undefined
}

type Body = Readonly<Record<string, unknown>>

export function parseWriteOperation(body: Body): WriteOperation {
  const { operation } = body
  if (operation === 'insert' || operation === 'update' || operation === 'upsert') return operation
  throw new BadRequest('operation must be insert, update or upsert')
}

/** "If specified, then it will be used to read the file." The emulator reads only UTF-8. */
export function checkEncoding({ character_encoding: encoding }: Body): void {
  const isUtf8 = typeof encoding === 'string' && /^utf-?8$/i.test(encoding)
  if (encoding !== undefined && !isUtf8)
    throw new BadRequest('character_encoding: the emulator supports only UTF-8')
}

/** The emulator supports one resource in a job. Returns it and its file. */
export function parseResource(
  { state, organization }: RecruitCall,
  body: Body,
): { resource: WriteResource; file: UploadedFile } {
  const { resource: list } = body
  const [resource, ...others]: unknown[] = Array.isArray(list) ? list : []
  if (!isObject(resource) || others.length > 0)
    throw new BadRequest('resource must be a list of one object')
  const { type, module: moduleName, file_id: fileId, find_by: findBy } = resource
  if (type !== 'data') throw new BadRequest('resource.type must be data')
  const module = typeof moduleName === 'string' ? modules.get(moduleName) : undefined
  if (module === undefined) throw new BadRequest('resource.module must name a module')
  const file = typeof fileId === 'string' ? state.recruit.uploads.get(fileId) : undefined
  if (file?.organizationId !== organization.id)
    throw new BadRequest('resource.file_id must be the id of an uploaded file')
  if (findBy !== undefined && typeof findBy !== 'string')
    throw new BadRequest('resource.find_by must be a field name')
  const fieldMappings = parseFieldMappings(resource['field_mappings'])
  return { resource: { module, fileName: file.name, fieldMappings, findBy }, file }
}

function parseFieldMappings(mappings: unknown): readonly FieldMapping[] {
  if (mappings === undefined) return []
  if (Array.isArray(mappings) && mappings.every(isFieldMapping)) return mappings
  throw new BadRequest(
    'resource.field_mappings must be a list such as [{"api_name":"Last_Name","index":0}]',
  )
}

function isFieldMapping(mapping: unknown): mapping is FieldMapping {
  if (!isObject(mapping) || typeof mapping['api_name'] !== 'string') return false
  const { index, default_value: fallback } = mapping
  const isColumn = index === undefined || (Number.isInteger(index) && Number(index) >= 0)
  const isFallback =
    fallback === undefined || (isObject(fallback) && typeof fallback['value'] === 'string')
  return isColumn && isFallback && (index !== undefined || fallback !== undefined)
}
