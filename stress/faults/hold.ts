/** A process that holds the write lock of a SQLite file (`fork(hold.ts, [file])`) until it ends. */
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2] as string)
database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
process.send?.('held')
process.on('disconnect', () => process.exit())
