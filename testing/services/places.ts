import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** As `spawn` takes it; empty for whoever we are. */
export interface User {
  readonly uid?: number
  readonly gid?: number
}

/** Whom a server runs as that refuses to be root: nobody, then. */
export const humbleUser = (): User => {
  if (process.getuid?.() !== 0) return {}
  const [uid = 0, gid = 0] = ['-u', '-g'].map((what) =>
    Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' })),
  )
  return { uid, gid }
}

/** A new directory of that user's own. */
export const directoryFor = ({ uid, gid }: User, name: string): string => {
  const directory = mkdtempSync(join(tmpdir(), `zrecruit-${name}-`))
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid)
  return directory
}
