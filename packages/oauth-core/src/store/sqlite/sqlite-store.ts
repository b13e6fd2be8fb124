import type { DatabaseSync } from 'node:sqlite'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { ConnectionStore } from '../connection-store.ts'
import { retryQueue } from './busy.ts'
import { prepareCommands, type Commands } from './commands.ts'
import { checkFile, resolvePath } from './file.ts'
import { openDatabase } from './open-database.ts'
import { toStoreError } from './to-store-error.ts'

export interface SqliteStoreOptions {
  /**
   * Use a file that other users of this machine can read or change. Records are sealed, but whoever
   * can change the file can put old ones back. POSIX only: elsewhere modes say nothing and are not
   * looked at.
   */
  readonly dangerouslyAllowSharedFile?: boolean
}

export interface SqliteStore extends ConnectionStore {
  /**
   * Gives the file back. Commands that still wait, and any that come later, reject. Closing twice
   * is no error.
   */
  close(): void
}

/**
 * Connections in one SQLite file, by Node's own `node:sqlite`: for one machine, and as many
 * processes on it as you like (not for network drives, on which SQLite's locks and shared memory do
 * not work). The file may be the app's own: every table is named `zrecruit_…`, and its journal
 * becomes WAL. A new file gets mode 0600, a new directory 0700.
 *
 * Every acknowledged write is on the disk. A command on a busy file tries again for a second
 * without blocking the event loop, then rejects with `store-unavailable`. The file is opened by the
 * first command, not before.
 *
 * @param path of the file, or `:memory:`
 * @throws RecruitOAuthError `configuration-invalid`: the path cannot be a file of ours, or others
 * can read it
 */
export const sqliteStore = (
  path: string,
  { dangerouslyAllowSharedFile = false }: SqliteStoreOptions = {},
): SqliteStore => {
  const file = resolvePath(path)
  checkFile(file, dangerouslyAllowSharedFile)

  let database: DatabaseSync | undefined
  let commands: Commands | undefined
  let closed = false
  const whenFree = retryQueue()
  const open = (): Commands => {
    if (closed)
      throw new RecruitOAuthError('store-unavailable', {
        summary: 'This SQLite store was closed.',
        hint: 'Close it after the last use.',
        remedy: 'report',
        written: 'no',
      })
    database ??= openDatabase(file, dangerouslyAllowSharedFile)
    return (commands ??= prepareCommands(database))
  }
  const run = async <T>(command: (on: Commands) => T): Promise<T> => {
    try {
      return await whenFree(() => command(open()))
    } catch (error) {
      throw toStoreError(error, file)
    }
  }
  return {
    read: (id) => run((on) => on.read(id)),
    write: (id, next, expected) => run((on) => on.write(id, next, expected)),
    list: (query) => run((on) => on.list(query)),
    close() {
      closed = true
      database?.close()
      database = undefined
    },
  }
}
