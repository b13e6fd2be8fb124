import { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { checkFile, inMemory, makeFile } from './file.ts'
import { migrate } from './schema.ts'

/**
 * Opens the file, new or not, and brings it to our schema. Several processes may do so at once:
 * whoever meets another throws SQLITE_BUSY, leaves nothing open, and comes again.
 */
export const openDatabase = (file: string, allowShared: boolean): DatabaseSync => {
  makeFile(file)
  checkFile(file, allowShared)
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA busy_timeout = 0') // Waiting is ours: see waitingLine.
    // WAL: readers and the one writer do not wait for each other.
    const [mode] = database.prepare('PRAGMA journal_mode = WAL').all()
    if (file !== inMemory && mode?.['journal_mode'] !== 'wal')
      throw new RecruitOAuthError('configuration-invalid', {
        summary: `The SQLite file ${JSON.stringify(file)} cannot keep a write-ahead log.`,
        hint: 'Put it on a local disk.',
      })
    // FULL: a commit is on the disk before it is acknowledged. NORMAL would lose the last ones with
    // the power: a consent that the user would have to give again, a revocation undone, a token
    // request that no budget remembers.
    database.exec('PRAGMA synchronous = FULL')
    migrate(database, file)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
