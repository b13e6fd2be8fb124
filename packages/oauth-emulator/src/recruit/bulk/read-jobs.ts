import { writeCsv } from '../../files/csv.ts'
import { writeZip } from '../../files/zip.ts'
import { BadRequest } from '../../http/body.ts'
import { json } from '../../http/responses.ts'
import type { RecruitRecord } from '../../seed/records.ts'
import { refuseScope } from '../authenticate.ts'
import { isObject, type RecruitCall, readObject } from '../call.ts'
import { type Condition } from '../criteria.ts'
import { fieldValue } from '../field-values.ts'
import { moduleScope, modules, type RecruitModule } from '../module-table.ts'
import { noContent } from '../responses.ts'
import { parseBulkCriteria } from './bulk-criteria.ts'
import { addJob, type BulkJob, creation, downloadUrl, findJob, pollJob } from './jobs.ts'

/** "You can export a maximum of 200,000 records in a single API call." */
const recordsPerPage = 200_000

interface ReadQuery {
  readonly module: RecruitModule
  readonly fields: readonly string[] | undefined
  readonly criteria: Condition
  readonly page: number
}

/**
 * `POST /recruit/bulk/v2/read`. A callback is accepted and not called.
 * https://www.zoho.com/recruit/developer-guide/apiv2/bulk-read/create-job.html
 */
export async function createReadJob(call: RecruitCall): Promise<Response> {
  const body = await readObject(call.request)
  const sent = isObject(body['query']) ? body['query'] : {}
  const query = parseQuery(sent)
  if ((body['file_type'] ?? 'csv') !== 'csv')
    throw new BadRequest('file_type: the emulator exports only csv')
  const refused = refuseScope(call.access, moduleScope(query.module, 'read'))
  if (refused !== undefined) return refused
  const job: BulkJob = addJob(call, {
    kind: 'read',
    module: query.module.name,
    complete: () => exportRecords(call, query, job.id),
    describe: (state, result) => ({
      id: job.id,
      operation: 'read',
      state,
      ...(result === undefined
        ? {}
        : { result: { ...result.details, download_url: downloadUrl(job) } }),
      query: { ...sent, page: query.page },
      ...creation(job),
    }),
  })
  const { id } = job
  const details = { id, operation: 'read', state: 'ADDED', ...creation(job) }
  const added = {
    status: 'success',
    code: 'ADDED_SUCCESSFULLY',
    message: 'Added successfully.',
    details,
  }
  return json({ data: [added], info: {} }, 201)
}

/** `GET /recruit/bulk/v2/read/{job}`. */
export function readReadJob(call: RecruitCall, id: string): Response {
  const job = findJob(call, 'read', id)
  return job === undefined ? noContent() : json({ data: [pollJob(job)] })
}

function parseQuery(query: Readonly<Record<string, unknown>>): ReadQuery {
  const name = query['module']
  const module = typeof name === 'string' ? modules.get(name) : undefined
  if (module === undefined) throw new BadRequest('query.module must name a module')
  if (query['cvid'] !== undefined) throw new BadRequest('query.cvid: custom views are not emulated')
  const { fields, page = 1, criteria } = query
  const isValidPage = typeof page === 'number' && Number.isInteger(page) && page >= 1
  if (!isValidPage) throw new BadRequest('query.page must be a whole number from 1')
  const isValidFields =
    fields === undefined ||
    (Array.isArray(fields) && fields.every((field) => typeof field === 'string'))
  if (!isValidFields) throw new BadRequest('query.fields must be a list of field names')
  return {
    module,
    fields,
    criteria: criteria === undefined ? () => true : parseBulkCriteria(criteria),
    page,
  }
}

/** Without `fields`, the file has all fields. The column `id` is always the first. */
function exportRecords({ state, organization }: RecruitCall, query: ReadQuery, jobId: string) {
  const all = [...state.recruit.records(organization, query.module).values()]
  const matching = all.filter((record) => query.criteria(record))
  const start = (query.page - 1) * recordsPerPage
  const records = matching.slice(start, start + recordsPerPage)
  const names = query.fields ?? records.flatMap((record) => Object.keys(record))
  const columns = [...new Set(['id', ...names])]
  const rows = records.map((record) => columns.map((column) => toCell(record, column)))
  const bytes = new TextEncoder().encode(writeCsv([columns, ...rows]))
  const details = {
    page: query.page,
    count: records.length,
    per_page: recordsPerPage,
    more_records: start + records.length < matching.length,
  }
  return { archive: writeZip({ name: `${jobId}.csv`, bytes }), details }
}

/** The cell of a lookup field is the id of the other record. */
function toCell(record: RecruitRecord, column: string): string {
  const value = fieldValue(record, column)
  if (value === undefined || value === null) return ''
  if (isObject(value) && typeof value['id'] === 'string') return value['id']
  return typeof value === 'string' ? value : JSON.stringify(value)
}
