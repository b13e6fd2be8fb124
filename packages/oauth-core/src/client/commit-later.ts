import type { ConnectionId } from '../domain/index.ts'
import type { ConnectionEvent } from '../machine/index.ts'
import { sleep } from '../wire/index.ts'
import type { Engine } from './engine.ts'
import type { Committed } from './records.ts'

const pausesMs = [500, 1_000, 2_000, 4_000, 8_000]

/** Tries for some fifteen seconds to store what could not be stored at once. `undefined`: the store did not take it. */
export const commitLater = async (
  { records }: Engine,
  id: ConnectionId,
  event: ConnectionEvent,
): Promise<Committed | undefined> => {
  for (const pauseMs of pausesMs) {
    await sleep(pauseMs)
    const committed = await records.commit(id, event).catch(() => undefined)
    if (committed) return committed
  }
  return undefined
}
