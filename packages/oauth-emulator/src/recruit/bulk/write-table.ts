import { CsvTooLarge, InvalidCsv, parseCsv } from '../../files/csv.ts'
import { BadRequest } from '../../http/body.ts'
import type { UploadedFile } from '../recruit-data.ts'
import type { WriteResource } from './write-request.ts'

/** The content of an uploaded CSV file. */
export interface WriteTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * "A CSV file can contain a maximum of 25000 records with 200 column headers. A file with records
 * above this limit is considered an improper file and leads to an error."
 * https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/limitations.html
 */
const maximumRecords = 25_000
const maximumColumns = 200

/**
 * Reads the file of a job, and checks that its columns exist. Zoho's pages do not say when and how
 * an error is reported. Here the job is refused.
 *
 * @throws {BadRequest} for a file that is too large, and for a mapping of a missing column
 */
export function readTable({ csv }: UploadedFile, { fieldMappings }: WriteResource): WriteTable {
  const [columns = [], ...rows] = parseRows(csv)
  const missing = fieldMappings.find(({ index = 0 }) => index >= columns.length)
  // "When you specify a non-existing index value, the system throws an error." (job-details)
  if (missing?.index !== undefined)
    throw new BadRequest(
      `resource.field_mappings: the file has no column ${missing.index} for ${missing.api_name}`,
    )
  return { columns, rows }
}

function parseRows(csv: string): string[][] {
  try {
    return parseCsv(csv, { rows: maximumRecords + 1, columns: maximumColumns })
  } catch (error) {
    if (error instanceof InvalidCsv) throw new BadRequest(`The CSV file: ${error.message}`)
    if (!(error instanceof CsvTooLarge)) throw error
    throw new BadRequest(
      `A file can have at most ${maximumRecords} records and ${maximumColumns} columns`,
    )
  }
}
