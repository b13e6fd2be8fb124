import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { refuseUnknownOptions } from '../../errors/unknown-options.ts'
import type { ConnectionStore } from '../connection-store.ts'
import { prepareCommands, type Commands } from './commands.ts'
import { openDatabase } from './database.ts'
import { toStoreError } from './errors.ts'
import { checkFile, resolvePath } from './file.ts'
import { loadSqlite } from './load-sqlite.ts'
import { createRetryQueue } from './retry-queue.ts'

export interface SqliteStoreOptions {
  /**
   * Allows a file that other users of this machine can read or change. Records are sealed, but a
   * user who can change the file can restore old records. File permissions are checked on POSIX
   * systems only.
   */
  readonly dangerouslyAllowSharedFile?: boolean
}

const optionNames = /* @__PURE__ */ Object.keys({
  dangerouslyAllowSharedFile: true,
} satisfies Record<keyof SqliteStoreOptions, true>)

export interface SqliteStore extends ConnectionStore {
  /**
   * Closes the file. Commands that wait for a lock, and all later commands, reject. An app may call
   * this method more than once.
   */
  close(): void
}

/**
 * Stores connections in one SQLite file with Node's own `node:sqlite`, for any number of processes
 * on one machine. Network drives are not supported, because SQLite's locks and shared memory do not
 * work there. The file may be the app's own database: every table of this store is named
 * `zrecruit_…`, and the file's journal mode becomes WAL. A new file gets mode 0600, a new directory
 * 0700.
 *
 * Every acknowledged write is on the disk. A command on a locked file is retried for one second
 * without blocking the event loop, then it rejects with `store-unavailable`. The first command
 * opens the file.
 *
 * @param path of the file, or `:memory:`
 * @throws RecruitOAuthError `configuration-invalid`: the runtime has no `node:sqlite`, the path
 * cannot be used, or other users can access the file
 */
export const sqliteStore = (path: string, options: SqliteStoreOptions = {}): SqliteStore => {
  refuseUnknownOptions(options, optionNames)
  const { dangerouslyAllowSharedFile = false } = options
  loadSqlite() // A runtime without it is reported here, and not at the first command.
  const file = resolvePath(path)
  checkFile(file, dangerouslyAllowSharedFile)

  let database: DatabaseSync | undefined
  let commands: Commands | undefined
  let isClosed = false
  const runWithRetries = createRetryQueue()
  const open = (): Commands => {
    if (isClosed)
      throw new RecruitOAuthError('store-unavailable', {
        summary: 'This SQLite store was closed.',
        hint: 'Close it after its last use.',
        remedy: 'report',
        written: 'no',
      })
    database ??= openDatabase(file, dangerouslyAllowSharedFile)
    return (commands ??= prepareCommands(database))
  }
  const run = async <T>(command: (commands: Commands) => T): Promise<T> => {
    try {
      return await runWithRetries(() => command(open()))
    } catch (error) {
      throw toStoreError(error, file)
    }
  }
  return {
    read: (id) => run(({ read }) => read(id)),
    write: (id, next, expected) => run(({ write }) => write(id, next, expected)),
    list: (query) => run(({ list }) => list(query)),
    close() {
      isClosed = true
      database?.close()
      database = undefined
    },
  }
}
