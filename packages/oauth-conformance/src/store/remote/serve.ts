import type { ConnectionStore } from '@zrecruit/oauth-core'
import { executeCommand, type StoreResult, type StoreCommand } from './commands.ts'

/** What the one process says to the other, numbered. */
export interface Asked {
  readonly number: number
  readonly order:
    StoreCommand | { readonly do: 'open'; readonly data: unknown; readonly clockAheadMs: number }
}

export interface Answered {
  readonly number: number
  readonly answer: StoreResult
}

/**
 * All of a module that `storeInProcess` starts: opens the store on the data that it is told, and
 * does there what it is asked.
 */
export const serveStore = <Data>(
  open: (data: Data) => ConnectionStore | Promise<ConnectionStore>,
): void => {
  const moveClock = clockOfThisProcess()
  let store: ConnectionStore | undefined
  const does = async (order: Asked['order']): Promise<StoreResult> => {
    if (order.do !== 'open') return executeCommand(store as ConnectionStore, order)
    try {
      moveClock(order.clockAheadMs)
      store = await open(order.data as Data)
      return { value: 'open' }
    } catch (error) {
      return { failure: `The other process did not open the store: ${String(error)}` }
    }
  }
  process.on('message', ({ number, order }: Asked) => {
    void does(order).then((answer) => process.send?.({ number, answer } satisfies Answered))
  })
  process.once('disconnect', () => process.exit())
}

/** Wall clock alone: timers and `performance.now()` go on as they did. */
const clockOfThisProcess = () => {
  const { timeOrigin } = performance
  const RealDate = Date
  return (aheadMs: number): void => {
    globalThis.Date = class extends RealDate {
      constructor(...given: [] | [number]) {
        const time: [number] = given.length === 0 ? [RealDate.now() + aheadMs] : given
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
