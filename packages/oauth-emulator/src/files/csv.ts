/** Writes rows as CSV (RFC 4180). Every line ends with CR LF. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('')
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

const comma = 0x2c
const lineFeed = 0x0a

/** The largest table that is parsed. The header is one of the rows. */
export interface CsvLimits {
  readonly rows: number
  readonly columns: number
}

/** The table has more rows or columns than the limits allow. */
export class CsvTooLarge extends Error {}

/**
 * Parses CSV (RFC 4180). Empty lines are dropped; a missing last quote ends with the text. Cells
 * are cut from the text as a whole, because appending single characters takes a minute for 50 MB.
 *
 * @throws {CsvTooLarge} as soon as a limit is exceeded
 */
export function parseCsv(text: string, limits: CsvLimits): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let position = text.startsWith('\ufeff') ? 1 : 0
  while (position <= text.length) {
    const { cell, end } = readCell(text, position)
    row.push(cell)
    if (row.length > limits.columns) throw new CsvTooLarge()
    if (text.charAt(end) !== ',') {
      if (row.some((value) => value !== '')) rows.push(row)
      if (rows.length > limits.rows) throw new CsvTooLarge()
      row = []
    }
    position = end + 1
  }
  return rows
}

/** Reads the cell at `start`. At its end is a comma, a line feed, or the end of the text. */
function readCell(text: string, start: number): { cell: string; end: number } {
  const isQuoted = text.charAt(start) === '"'
  const quoteEnd = isQuoted ? findClosingQuote(text, start + 1) : start
  const quoted = isQuoted ? text.slice(start + 1, quoteEnd).replaceAll('""', '"') : ''
  const restStart = isQuoted ? quoteEnd + 1 : start
  const end = findSeparator(text, restStart)
  const rest = text.slice(restStart, end)
  return { cell: quoted + (rest.includes('\r') ? rest.replaceAll('\r', '') : rest), end }
}

/** The position of the next quote that is not doubled, or the end of the text. */
function findClosingQuote(text: string, start: number): number {
  let position = text.indexOf('"', start)
  while (position >= 0 && text.charAt(position + 1) === '"')
    position = text.indexOf('"', position + 2)
  return position < 0 ? text.length : position
}

/** Compares numbers: with a regular expression, 25 MB of short cells take many seconds. */
function findSeparator(text: string, start: number): number {
  let position = start
  while (position < text.length) {
    const code = text.charCodeAt(position)
    if (code === comma || code === lineFeed) return position
    position += 1
  }
  return position
}
