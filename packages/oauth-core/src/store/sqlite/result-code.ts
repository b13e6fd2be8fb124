const names = (
  'OK ERROR INTERNAL PERM ABORT BUSY LOCKED NOMEM READONLY INTERRUPT IOERR CORRUPT NOTFOUND ' +
  'FULL CANTOPEN PROTOCOL EMPTY ' +
  'SCHEMA TOOBIG CONSTRAINT MISMATCH MISUSE NOLFS AUTH FORMAT RANGE NOTADB'
).split(' ')

/**
 * The name of SQLite's primary result code in an error of `node:sqlite`, or `undefined` for any
 * other error.
 * @see https://www.sqlite.org/rescode.html (the low byte of an extended code is its primary code)
 */
export const resultCode = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof code === 'number' ? `SQLITE_${names[code & 0xff] ?? code}` : undefined
}
