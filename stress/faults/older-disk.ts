import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Row } from '../experiment.ts'
import { waitUntil, type Setup } from './setup.ts'

/**
 * M16: the server is killed and restarted with an older copy of its files, without the refreshed
 * token, as after a fail-over to a replica with replication lag. One process has the token in its
 * cache, another one does not. This cannot happen with SQLite.
 */
export const olderDisk = async ({
  location: { name, service },
  context,
  ...setup
}: Setup): Promise<Row[]> => {
  // PostgreSQL's directory is large, and the result is the same: the shorter run uses only Redis.
  if (!service || (context.short && name === 'postgres')) return []
  const older = `${service.directory}-older`
  context.atEnd(() => rm(older, { recursive: true, force: true }))
  await setup.connect('M16', 'expired')
  await service.kill()
  await copy(service.directory, older)
  await service.restart()
  const app = await setup.app()
  const before = await setup.tokenCalls()
  await waitUntil(async () => (await app.requestToken('M16')).code === 'ok', 10_000)
  const calls = (await setup.tokenCalls()) - before
  await service.kill()
  await copy(older, service.directory)
  await service.restart()
  const other = await setup.app()
  const otherMs = await waitUntil(
    async () => (await other.requestToken('M16')).code === 'ok',
    20_000,
  )
  app.advanceClock(31_000)
  const cached = await app.requestToken('M16')
  const extraCalls = (await setup.tokenCalls()) - before - calls
  const { status } = await other.oauth.connection('M16').status()
  const figures = {
    'token calls before': calls,
    'served after ms': otherMs,
    'process with cache': cached.code,
    'extra token calls': extraCalls,
    grant: status,
  }
  return [
    setup.row(
      'M16 the last acknowledged write is lost',
      figures,
      'exactly 1 extra call, active',
      calls === 1 &&
        extraCalls === 1 &&
        cached.code === 'ok' &&
        status === 'active' &&
        Number.isFinite(otherMs),
    ),
  ]
}

/** Keeps owners and modes, because PostgreSQL checks them. */
const copy = async (from: string, to: string): Promise<void> => {
  await rm(to, { recursive: true, force: true })
  await promisify(execFile)('cp', ['-a', from, to])
}
