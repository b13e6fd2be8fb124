import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Options of `spawn`. Empty: the user of this process. */
export interface User {
  readonly uid?: number
  readonly gid?: number
}

/** The user for a server that refuses to run as root: `nobody` if this process runs as root. */
export const unprivilegedUser = (): User => {
  if (process.getuid?.() !== 0) return {}
  const [uid = 0, gid = 0] = ['-u', '-g'].map((option) =>
    Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' })),
  )
  return { uid, gid }
}

/** Creates a temporary directory that this user owns. */
export const createDirectoryFor = ({ uid, gid }: User, name: string): string => {
  const directory = mkdtempSync(join(tmpdir(), `zrecruit-${name}-`))
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid)
  return directory
}
