import { writeCsv } from '../../files/csv.ts'
import { writeZip } from '../../files/zip.ts'
import { json } from '../../http/responses.ts'
import { refuseScope } from '../authenticate.ts'
import { type RecruitCall, readObject } from '../call.ts'
import { moduleScope } from '../module-table.ts'
import { noContent } from '../responses.ts'
import { addJob, type BulkJob, creation, downloadUrl, findJob, pollJob } from './jobs.ts'
import {
  checkEncoding,
  parseResource,
  parseWriteOperation,
  type WriteResource,
} from './write-request.ts'
import { type RowResult, writeRows } from './write-rows.ts'
import { readTable, type WriteTable } from './write-table.ts'

/**
 * `POST /recruit/bulk/v2/write`. A callback is accepted and not called.
 * https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/create-job.html
 */
export async function createWriteJob(call: RecruitCall): Promise<Response> {
  const body = await readObject(call.request)
  checkEncoding(body)
  const operation = parseWriteOperation(body)
  const { resource, file } = parseResource(call, body)
  const refused = refuseScope(call.access, moduleScope(resource.module, 'create'))
  if (refused !== undefined) return refused
  let table: WriteTable | undefined = readTable(file, resource)
  const job: BulkJob = addJob(call, {
    kind: 'write',
    module: resource.module.name,
    complete: () => {
      const { columns, rows } = table ?? { columns: [], rows: [] }
      // The job exists until the next reset. Release the rows, which can take 100 MB.
      table = undefined
      return toResult(job.id, columns, writeRows(call, operation, resource, { columns, rows }))
    },
    describe: (state, result) => ({
      status: state,
      character_encoding: 'UTF-8',
      resource: [describeResource(resource, state, result?.details)],
      id: job.id,
      ...(result === undefined ? {} : { result: { download_url: downloadUrl(job) } }),
      operation,
      ...creation(job),
    }),
  })
  const { created_by } = creation(job)
  const details = { id: job.id, created_by }
  return json({ status: 'success', code: 'SUCCESS', message: 'success', details }, 201)
}

/** `GET /recruit/bulk/v2/write/{job}`. */
export function readWriteJob(call: RecruitCall, id: string): Response {
  const job = findJob(call, 'write', id)
  return job === undefined ? noContent() : json(pollJob(job))
}

function describeResource(
  { module, fileName, fieldMappings, findBy }: WriteResource,
  status: string,
  counts: Readonly<Record<string, unknown>> = {},
) {
  return {
    status,
    type: 'data',
    module: module.name,
    ...(findBy === undefined ? {} : { find_by: findBy }),
    field_mappings: fieldMappings,
    file: { status, name: fileName, ...counts },
  }
}

/** The columns of the result file are unverified. */
function toResult(jobId: string, columns: readonly string[], results: readonly RowResult[]) {
  const count = (outcome: RowResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length
  const rows = results.map(({ outcome, recordId, error, cells }) => [
    outcome.toUpperCase(),
    recordId,
    error,
    ...cells,
  ])
  const csv = writeCsv([['STATUS', 'RECORD_ID', 'ERRORS', ...columns], ...rows])
  return {
    archive: writeZip({ name: `${jobId}.csv`, bytes: new TextEncoder().encode(csv) }),
    details: {
      added_count: count('added'),
      skipped_count: count('skipped'),
      updated_count: count('updated'),
      total_count: results.length,
    },
  }
}
