import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Row } from '../experiment.ts'
import { untilSo, type Setup } from './setup.ts'

/**
 * M16: the server dies and comes back with a disk that is one write old, and the refreshed token is
 * not on it: as after a fail-over to a replica that lagged. One process still remembers the token,
 * another does not. SQLite acknowledges what is on the disk, and has no other.
 */
export const olderDisk = async ({
  place: { name, service },
  bench,
  ...scene
}: Setup): Promise<Row[]> => {
  // PostgreSQL's directory is big, and what is shown is the same: the shorter run has it once.
  if (!service || (bench.short && name === 'postgres')) return []
  const older = `${service.directory}-older`
  bench.atEnd(() => rm(older, { recursive: true, force: true }))
  await scene.connect('M16', 'expired')
  await service.kill()
  await copy(service.directory, older)
  await service.restart()
  const app = await scene.app()
  const before = await scene.tokenCalls()
  await untilSo(async () => (await app.ask('M16')).code === 'ok', 10_000)
  const calls = (await scene.tokenCalls()) - before
  await service.kill()
  await copy(older, service.directory)
  await service.restart()
  const other = await scene.app()
  const otherMs = await untilSo(async () => (await other.ask('M16')).code === 'ok', 20_000)
  app.age(31_000)
  const asked = await app.ask('M16')
  const extra = (await scene.tokenCalls()) - before - calls
  const { status } = await other.oauth.connection('M16').status()
  const figures = {
    'token calls before': calls,
    'served after ms': otherMs,
    'who remembered': asked.code,
    'extra token calls': extra,
    grant: status,
  }
  return [
    scene.row(
      'M16 the last acknowledged write is lost',
      figures,
      'exactly 1 extra call, active',
      calls === 1 &&
        extra === 1 &&
        asked.code === 'ok' &&
        status === 'active' &&
        Number.isFinite(otherMs),
    ),
  ]
}

/** Owners and modes too: PostgreSQL looks at them. */
const copy = async (from: string, to: string): Promise<void> => {
  await rm(to, { recursive: true, force: true })
  await promisify(execFile)('cp', ['-a', from, to])
}
