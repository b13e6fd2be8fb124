import { startChild } from '@zrecruit/testing/processes'
import type { Setup } from './setup.ts'

/**
 * `down`: the server is killed. `hangs`: the server is stopped by SIGSTOP, so it accepts commands
 * and does not respond.
 */
export type StopMode = 'down' | 'hangs'

/**
 * Stops the store. Returns a function that starts it again. SQLite has no server: in both modes a
 * stopped process holds the write lock of the file, and reads still work.
 */
export const stopStore = async (
  { location: { service, url }, context }: Pick<Setup, 'location' | 'context'>,
  mode: StopMode,
): Promise<() => Promise<void>> => {
  if (!service) return holdFile(context, url)
  if (mode === 'down') {
    await service.kill()
    return () => service.restart()
  }
  service.freeze()
  return async () => service.thaw()
}

const holdFile = async (
  { atEnd }: Setup['context'],
  file: string,
): Promise<() => Promise<void>> => {
  // The child is ready when it holds the lock.
  const holder = await startChild(new URL('hold.ts', import.meta.url), { args: [file] })
  const end = async () => {
    holder.kill('SIGKILL')
    await holder.exited
  }
  atEnd(end)
  holder.kill('SIGSTOP')
  return end
}
