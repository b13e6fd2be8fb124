import type { ConnectionStore } from '@zrecruit/oauth-core'
import { executeCommand, type StoreResult, type StoreCommand } from './commands.ts'

/** A numbered command from one process to the other. */
export interface RequestMessage {
  readonly number: number
  readonly command:
    StoreCommand | { readonly do: 'open'; readonly data: unknown; readonly clockAheadMs: number }
}

export interface ResponseMessage {
  readonly number: number
  readonly result: StoreResult
}

/**
 * Serves a store to the parent process. `storeInProcess` starts a module as a child process, and
 * that module calls this function. The command `open` opens the store with `data`,
 * or opens it again. The store runs all other commands.
 */
export const serveStore = <Data>(
  open: (data: Data) => ConnectionStore | Promise<ConnectionStore>,
): void => {
  const moveClock = createClockMover()
  let store: ConnectionStore | undefined
  const run = async (command: RequestMessage['command']): Promise<StoreResult> => {
    if (command.do !== 'open') return executeCommand(store as ConnectionStore, command)
    try {
      moveClock(command.clockAheadMs)
      store = await open(command.data as Data)
      return { value: 'open' }
    } catch (error) {
      return { failure: `The other process did not open the store: ${String(error)}` }
    }
  }
  process.on('message', ({ number, command }: RequestMessage) => {
    void run(command).then((result) => process.send?.({ number, result } satisfies ResponseMessage))
  })
  process.once('disconnect', () => process.exit())
}

/** Moves the wall clock only. Timers and `performance.now()` are not affected. */
const createClockMover = () => {
  const { timeOrigin } = performance
  const RealDate = Date
  return (aheadMs: number): void => {
    globalThis.Date = class extends RealDate {
      constructor(...args: [] | [number]) {
        const time: [number] = args.length === 0 ? [RealDate.now() + aheadMs] : args
        super(...time)
      }
      static override now = () => RealDate.now() + aheadMs
    } as DateConstructor
    Object.defineProperty(performance, 'timeOrigin', {
      value: timeOrigin + aheadMs,
      configurable: true,
    })
  }
}
