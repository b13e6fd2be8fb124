/** A child process that holds the write lock of a SQLite file until it ends. */
import { serveParent } from '@zrecruit/testing/processes'
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2] as string)
database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
// The handler keeps a reference: garbage collection of the database would release the lock.
serveParent({ release: () => database.close() })
