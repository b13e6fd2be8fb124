import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { chownSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A port of loopback that nobody listens on, below those that the system gives to clients. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(10_000, 30_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true)))
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

/** Whom a server runs as that refuses to be root: nobody, then; otherwise whoever we are. */
export const humbleUser = (): { uid?: number; gid?: number; name?: string } => {
  if (process.getuid?.() !== 0) return {}
  const [uid, gid] = ['-u', '-g'].map((what) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' })))
  return { uid: uid as number, gid: gid as number, name: 'nobody' }
}

/** A new directory of that user's own. */
export const directoryFor = (user: { uid?: number; gid?: number }, name: string): string => {
  const directory = mkdtempSync(join(tmpdir(), `zrecruit-${name}-`))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(directory, user.uid, user.gid)
  return directory
}

/** Asks until `there` says so. @throws what `failed` says */
export const until = async (there: () => Promise<boolean>, failed: () => string | undefined): Promise<void> => {
  const giveUpAt = performance.now() + 30_000
  while (!(await there())) {
    const failure = failed() ?? (performance.now() > giveUpAt ? 'It did not answer within 30 s.' : undefined)
    if (failure !== undefined) throw new Error(failure)
    await sleep(20)
  }
}
