import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'

/** SQLite's name for a database without a file. */
export const inMemory = ':memory:'

/**
 * The file that an option means. Absolute, so that neither a later `chdir` nor SQLite's `file:`
 * addresses change what is opened.
 */
export const resolvePath = (path: unknown): string => {
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw refused(
      'The path of the SQLite store is not a non-empty string.',
      'Pass the path of a file, as in sqliteStore("zoho.db").',
    )
  if (/^file:/i.test(path))
    throw refused(
      'The path of the SQLite store is a file: address.',
      'Pass the path of a file, without file:.',
    )
  return path === inMemory ? path : resolve(path)
}

/**
 * Refuses what cannot be our file, or is open to other users. It looks and does not open: closing a
 * file drops every POSIX lock that this process holds on it, those of the app's own SQLite
 * connections too (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
export const checkFile = (file: string, allowShared: boolean): void => {
  if (file === inMemory) return
  onDisk(file, () => {
    const found = statSync(file, { throwIfNoEntry: false })
    if (!found) return accessSync(nearestExisting(dirname(file)), constants.W_OK | constants.X_OK)
    if (!found.isFile())
      throw refused(
        `The path of the SQLite store, ${JSON.stringify(file)}, is ` +
          `${found.isDirectory() ? 'a directory' : 'not a file'}.`,
        'Pass the path of a file.',
      )
    accessSync(file, constants.R_OK | constants.W_OK)
    const real = realpathSync(file) // SQLite puts its other files beside this one.
    accessSync(dirname(real), constants.W_OK | constants.X_OK)
    if (!allowShared)
      for (const suffix of ['', '-wal', '-shm', '-journal']) refuseShared(real + suffix)
  })
}

/**
 * Makes the file, empty and for this user only, before SQLite would make it for everybody; SQLite
 * gives its mode to `-wal` and `-shm`.
 */
export const makeFile = (file: string): void => {
  if (file === inMemory) return
  onDisk(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    try {
      // It is new, so nobody in this process holds a lock on it.
      closeSync(openSync(file, 'wx', 0o600))
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
      statSync(file) // A link to nowhere would have SQLite make the file.
    }
  })
}

const refuseShared = (file: string): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found || process.platform === 'win32') return
  if (found.uid !== process.geteuid?.()) {
    throw refused(
      `The SQLite file ${JSON.stringify(file)} belongs to another user of this machine.`,
      'Run chown on it, or pass dangerouslyAllowSharedFile: true.',
    )
  }
  const { mode } = found
  if ((mode & 0o066) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw refused(
    `The SQLite file ${JSON.stringify(file)} has mode ${octal}: other users of this machine ` +
      'can read or change it.',
    `Run chmod 600 on it, or pass dangerouslyAllowSharedFile: true.`,
  )
}

const nearestExisting = (directory: string): string =>
  statSync(directory, { throwIfNoEntry: false }) ? directory : nearestExisting(dirname(directory))

const onDisk = (file: string, look: () => void): void => {
  try {
    look()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    const summary = `The SQLite file ${JSON.stringify(file)} cannot be used (${errno}).`
    if (passing.has(errno)) throw new RecruitOAuthError('store-unavailable', { summary })
    throw refused(summary, 'Let this process read and write the file and its directory.')
  }
}

// What the system may say today and not tomorrow.
const passing = new Set([
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'ENOMEM',
  'EAGAIN',
  'EINTR',
  'ESTALE',
])

const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'errno' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined

const refused = (summary: string, hint: string) =>
  new RecruitOAuthError('configuration-invalid', { summary, hint })
