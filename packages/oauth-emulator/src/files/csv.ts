/** Writes rows as CSV (RFC 4180). Every line ends with CR LF. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\r\n`).join('')
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Parses CSV (RFC 4180). Empty lines are dropped; a missing last quote ends with the text. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  let index = text.startsWith('\ufeff') ? 1 : 0
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.some((value) => value !== '')) rows.push(row)
    row = []
  }
  for (; index < text.length; index += 1) {
    const character = text.charAt(index)
    if (isQuoted) {
      const isEscapedQuote = character === '"' && text.charAt(index + 1) === '"'
      if (isEscapedQuote) index += 1
      if (character === '"' && !isEscapedQuote) isQuoted = false
      else cell += character
    } else if (character === '"' && cell === '') isQuoted = true
    else if (character === ',') endCell()
    else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
  }
  endRow()
  return rows
}
