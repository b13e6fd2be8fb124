import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Setup } from './setup.ts'

/** `down`: nobody listens. `hangs`: SIGSTOP, so that commands are taken and not answered. */
export type Standstill = 'down' | 'hangs'

/**
 * Stops the store, until what it answers is called. SQLite has no server: another process holds the
 * file for writing, and stands still; it can be read on. In both ways.
 */
export const standstill = async (
  { place: { service, url }, bench }: Pick<Setup, 'place' | 'bench'>,
  how: Standstill,
): Promise<() => Promise<void>> => {
  if (!service) return holdFile(bench, url)
  if (how === 'down') {
    await service.kill()
    return () => service.restart()
  }
  service.freeze()
  return async () => service.thaw()
}

const holdFile = async ({ atEnd }: Setup['bench'], file: string): Promise<() => Promise<void>> => {
  const holder = fork(fileURLToPath(new URL('hold.ts', import.meta.url)), [file], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const ended = once(holder, 'exit')
  const end = async () => {
    holder.kill('SIGKILL')
    await ended
  }
  atEnd(end)
  await Promise.race([
    once(holder, 'message'),
    ended.then(() => Promise.reject(new Error('the file was not held'))),
  ])
  holder.kill('SIGSTOP')
  return end
}
