import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chownSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A port of loopback that nobody listens on, below those that the system gives to clients. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(10_000, 30_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) =>
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)),
    )
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

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
