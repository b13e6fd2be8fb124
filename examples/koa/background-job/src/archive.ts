import type { Candidate as CandidateFields } from '@zrecruit-examples/shared-ui/candidates-table'
import type { Remedy } from '@zrecruit/oauth-koa'
import { DatabaseSync } from 'node:sqlite'

export interface Candidate extends CandidateFields {
  readonly id: string
}

/**
 * A customer and the result of the last copy. Times are in milliseconds since 1970; 0 means never.
 */
export interface Customer {
  readonly id: string
  readonly name: string
  /** When the last complete copy started. */
  readonly copiedAt: number
  readonly candidates: number
  /** The remedy for the last error; `null` after a success. */
  readonly remedy: Remedy | null
  /** The earliest time of the next attempt. */
  readonly notBefore: number
}

// The library refuses a database that other users can read, so create files for this user only.
process.umask(0o077)

// The app's own tables. The library's tables, named zrecruit_…, can be in the same file.
const database = new DatabaseSync(process.env['ZOHO_DATABASE'] ?? 'zoho.db', { timeout: 5_000 })
database.exec(`
  CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    copiedAt INTEGER NOT NULL DEFAULT 0,
    remedy TEXT,
    notBefore INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS candidates (
    customer TEXT NOT NULL REFERENCES customers,
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    pass INTEGER NOT NULL,
    PRIMARY KEY (customer, id)
  ) STRICT;
  INSERT OR IGNORE INTO customers (id, name) VALUES
    ('harbor-pine', 'Harbor & Pine'),
    ('rheinbogen', 'Rheinbogen'),
    ('saffron-bridge', 'Saffron Bridge');
`)

const selectCustomers =
  'SELECT *, (SELECT count(*) FROM candidates WHERE customer = customers.id) AS candidates ' +
  'FROM customers'
const selectAll = database.prepare(`${selectCustomers} ORDER BY name`)
const selectOne = database.prepare(`${selectCustomers} WHERE id = ?`)
const selectRecords = database.prepare('SELECT record FROM candidates WHERE customer = ?')
const upsertCandidate = database.prepare(`
  INSERT INTO candidates (customer, id, record, pass) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET record = excluded.record, pass = max(pass, excluded.pass)`)
const deleteMissing = database.prepare(
  'DELETE FROM candidates WHERE customer = ?1 AND pass < (SELECT copiedAt FROM customers ' +
    'WHERE id = ?1)',
)
const recordCopy = database.prepare(
  'UPDATE customers SET copiedAt = max(copiedAt, ?), remedy = NULL, notBefore = 0 WHERE id = ?',
)
const recordError = database.prepare('UPDATE customers SET remedy = ?, notBefore = ? WHERE id = ?')

/** All customers that may have a connection. */
export const allCustomers = (): Customer[] => selectAll.all() as unknown as Customer[]
export const findCustomer = (id: string): Customer | undefined =>
  selectOne.get(id) as unknown as Customer | undefined
export const candidatesOf = (id: string): Candidate[] =>
  selectRecords
    .all(id)
    .map(({ record }) => JSON.parse(String(record)) as Candidate)
    .toSorted((a, b) => String(a.Full_Name).localeCompare(String(b.Full_Name)))

/**
 * Stores a page in one transaction. A pass reads all pages once, and `pass` is the time at which it
 * started.
 */
export const storePage = (id: string, page: readonly Candidate[], pass: number): void =>
  inTransaction(() => {
    for (const candidate of page)
      upsertCandidate.run(id, candidate.id, JSON.stringify(candidate), pass)
  })

/**
 * Ends a pass after its last page was stored. Deletes the candidates that neither this pass nor the
 * previous one found. One pass is not enough: when a candidate is deleted during a pass, the next
 * candidate can move to a page that was already read.
 */
export const endPass = (id: string, pass: number): void =>
  inTransaction(() => {
    deleteMissing.run(id)
    recordCopy.run(pass, id)
  })

/** Stores the remedy for an error. The job makes no attempt before `notBefore`. */
export const storeRemedy = (id: string, remedy: Remedy, notBefore: number): void =>
  void recordError.run(remedy, notBefore, id)

const inTransaction = (work: () => void): void => {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
