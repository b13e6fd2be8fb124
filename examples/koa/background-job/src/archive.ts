import type { Remedy } from '@zrecruit/oauth-koa'
import { DatabaseSync } from 'node:sqlite'

export interface Candidate {
  readonly id: string
  readonly Full_Name?: string
  readonly Current_Job_Title?: string
  readonly City?: string
  readonly Candidate_Status?: string
}

/**
 * A customer, and how the last copy of their candidates went. Instants are milliseconds since 1970;
 * 0 is never.
 */
export interface Customer {
  readonly id: string
  readonly name: string
  /** When the last copy of all candidates began. */
  readonly copiedAt: number
  readonly candidates: number
  /** What has to be done before the next copy; `null` when nothing. */
  readonly remedy: Remedy | null
  /** Not to be tried again before. */
  readonly notBefore: number
}

// New files are this user's alone: the library refuses a database that others can read.
process.umask(0o077)

// The library's tables may live in the app's own file, and are named zrecruit_…; these are the
// app's.
const database = new DatabaseSync(process.env['ZOHO_DATABASE'] ?? 'zoho.db', { timeout: 5_000 })
database.exec(`
  CREATE TABLE IF NOT EXISTS customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, copiedAt INTEGER NOT NULL DEFAULT 0, remedy TEXT, notBefore INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE IF NOT EXISTS candidates (
    customer TEXT NOT NULL REFERENCES customers, id TEXT NOT NULL, record TEXT NOT NULL, pass INTEGER NOT NULL, PRIMARY KEY (customer, id)
  ) STRICT;
  INSERT OR IGNORE INTO customers (id, name) VALUES ('harbor-pine', 'Harbor & Pine'), ('rheinbogen', 'Rheinbogen'), ('saffron-bridge', 'Saffron Bridge');
`)

const select =
  'SELECT *, (SELECT count(*) FROM candidates WHERE customer = customers.id) AS candidates ' +
  'FROM customers'
const all = database.prepare(`${select} ORDER BY name`)
const one = database.prepare(`${select} WHERE id = ?`)
const records = database.prepare('SELECT record FROM candidates WHERE customer = ?')
const put = database.prepare(`
  INSERT INTO candidates (customer, id, record, pass) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET record = excluded.record, pass = max(pass, excluded.pass)`)
const sweep = database.prepare(
  'DELETE FROM candidates WHERE customer = ?1 AND pass < (SELECT copiedAt FROM customers ' +
    'WHERE id = ?1)',
)
const copied = database.prepare(
  'UPDATE customers SET copiedAt = max(copiedAt, ?), remedy = NULL, notBefore = 0 WHERE id = ?',
)
const held = database.prepare('UPDATE customers SET remedy = ?, notBefore = ? WHERE id = ?')

/** The app's own list of customers: who may have a connection. */
export const customers = (): Customer[] => all.all() as unknown as Customer[]
export const customer = (id: string): Customer | undefined =>
  one.get(id) as unknown as Customer | undefined
export const candidatesOf = (id: string): Candidate[] =>
  records
    .all(id)
    .map(({ record }) => JSON.parse(String(record)) as Candidate)
    .toSorted((a, b) => String(a.Full_Name).localeCompare(String(b.Full_Name)))

/**
 * Stores a page, all of it or nothing. A pass is one walk over all pages, named by the instant it
 * began.
 */
export const storePage = (id: string, page: readonly Candidate[], pass: number): void =>
  inOne(() => {
    for (const candidate of page) put.run(id, candidate.id, JSON.stringify(candidate), pass)
  })

/**
 * After the last page. Whom neither this pass nor the one before it has met is no longer at Zoho;
 * one miss proves nothing: where a candidate is deleted under a walk, the next one moves to a page
 * that was read already.
 */
export const endPass = (id: string, pass: number): void =>
  inOne(() => {
    sweep.run(id)
    copied.run(pass, id)
  })

export const hold = (id: string, remedy: Remedy, notBefore: number): void =>
  void held.run(remedy, notBefore, id)

const inOne = (work: () => void): void => {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
