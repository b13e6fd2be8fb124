/**
 * Holds a SQLite file's lock for writing, in a process of its own: `fork(hold.ts, [file])`. It says
 * `held`, and lets go when it ends.
 */
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2] as string)
database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
process.send?.('held')
process.on('disconnect', () => process.exit())
