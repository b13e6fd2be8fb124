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
 * Makes the path absolute, so that a later `chdir` does not change the file. `file:` URLs are
 * refused, because SQLite would interpret them as URIs.
 * @throws `configuration-invalid`
 */
export const resolvePath = (path: unknown): string => {
  if (typeof path !== 'string' || path === '' || path.includes('\0'))
    throw invalidFile(
      'The path of the SQLite store is not a non-empty string.',
      'Pass the path of a file, as in sqliteStore("zoho.db").',
    )
  if (/^file:/i.test(path))
    throw invalidFile(
      'The path of the SQLite store is a file: address.',
      'Pass the path of a file, without file:.',
    )
  return path === inMemory ? path : resolve(path)
}

/**
 * Refuses a path that cannot be used, and a file that other users can access. This function does
 * not open the file: closing it would release every POSIX lock that this process holds on the file,
 * even the locks of the app's own SQLite connections (https://www.sqlite.org/howtocorrupt.html,
 * 2.2).
 * @throws `configuration-invalid`, `store-unavailable`
 */
export const checkFile = (file: string, allowShared: boolean): void => {
  if (file === inMemory) return
  withFileErrors(file, () => {
    const found = statSync(file, { throwIfNoEntry: false })
    if (!found) return accessSync(nearestExisting(dirname(file)), constants.W_OK | constants.X_OK)
    if (!found.isFile())
      throw invalidFile(
        `The path of the SQLite store, ${JSON.stringify(file)}, is ` +
          `${found.isDirectory() ? 'a directory' : 'not a file'}.`,
        'Pass the path of a file.',
      )
    accessSync(file, constants.R_OK | constants.W_OK)
    const real = realpathSync(file) // SQLite creates its other files in the same directory.
    accessSync(dirname(real), constants.W_OK | constants.X_OK)
    if (allowShared) return
    for (const suffix of ['', '-wal', '-shm', '-journal']) refuseShared(real + suffix)
  })
}

/**
 * Creates an empty file that only this user can access. If SQLite created the file, all users could
 * access it. SQLite gives the mode of the file to `-wal` and `-shm` too.
 */
export const createFile = (file: string): void => {
  if (file === inMemory) return
  withFileErrors(file, () => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    try {
      // The file is new, so closing it releases no lock of this process.
      closeSync(openSync(file, 'wx', 0o600))
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error
      // Throws for a symbolic link without a target. SQLite would create the target.
      statSync(file)
    }
  })
}

/** Refuses a file that another user owns, can read or can change. POSIX only. */
const refuseShared = (file: string): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found || process.platform === 'win32') return
  if (found.uid !== process.geteuid?.()) {
    throw invalidFile(
      `The SQLite file ${JSON.stringify(file)} belongs to another user of this machine.`,
      'Run chown on it, or pass dangerouslyAllowSharedFile: true.',
    )
  }
  const { mode } = found
  if ((mode & 0o066) === 0) return
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  throw invalidFile(
    `The SQLite file ${JSON.stringify(file)} has mode ${octal}: other users of this machine ` +
      'can read or change it.',
    `Run chmod 600 on it, or pass dangerouslyAllowSharedFile: true.`,
  )
}

const nearestExisting = (directory: string): string =>
  statSync(directory, { throwIfNoEntry: false }) ? directory : nearestExisting(dirname(directory))

/** Replaces errors of the file system by errors of this library. */
const withFileErrors = (file: string, access: () => void): void => {
  try {
    access()
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === undefined) throw error
    const summary = `The SQLite file ${JSON.stringify(file)} cannot be used (${errno}).`
    if (temporaryErrnos.has(errno))
      throw new RecruitOAuthError('store-unavailable', { summary, dangerousCause: error })
    throw new RecruitOAuthError('configuration-invalid', {
      summary,
      hint: 'Let this process read and write the file and its directory.',
      dangerousCause: error,
    })
  }
}

/** Errors that may go away without a change of the configuration. */
const temporaryErrnos = new Set([
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

const invalidFile = (summary: string, hint: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', { summary, hint })
