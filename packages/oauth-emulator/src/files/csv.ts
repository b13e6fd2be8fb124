import { CsvError, parse } from 'csv-parse/sync'

/** Writes rows as CSV (RFC 4180). Every line ends with CR LF. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('')
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** The largest table that is accepted. The header is one of the rows. */
export interface CsvLimits {
  readonly rows: number
  readonly columns: number
}

/** The table has more rows or columns than the limits allow. */
export class CsvTooLarge extends Error {}

/** The text is not CSV, for example because a quote is not closed. */
export class InvalidCsv extends Error {}

/**
 * Parses CSV (RFC 4180). Empty lines are dropped.
 *
 * @throws {CsvTooLarge} @throws {InvalidCsv}
 */
export function parseCsv(text: string, limits: CsvLimits): string[][] {
  const rows = parseRows(text, limits.rows + 1)
  const isTooLarge = rows.length > limits.rows || rows.some((row) => row.length > limits.columns)
  if (isTooLarge) throw new CsvTooLarge()
  return rows
}

function parseRows(text: string, to: number): string[][] {
  try {
    return parse(text, {
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      to,
    })
  } catch (error) {
    if (error instanceof CsvError) throw new InvalidCsv(error.message)
    throw error
  }
}
