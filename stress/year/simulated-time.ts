/**
 * A simulated clock that jumps from one timer to the next. It replaces `setTimeout` of the process,
 * which core uses too. The clock does not advance during work that needs real time (WebCrypto,
 * reading a body).
 */
export interface SimulatedTime {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Runs work that takes real time. The simulated clock does not advance meanwhile. */
  readonly runInRealTime: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs the simulation until an instant. */
  readonly runUntil: (at: number) => Promise<void>
}

interface Timer {
  readonly at: number
  readonly order: number
  /** `undefined` once it is cleared. */
  call: (() => void) | undefined
}

/** Replaces the timers and WebCrypto functions of this process permanently. */
export const simulateTime = (startAt: number): SimulatedTime => {
  const nextTurn = setImmediate
  const waiting: Timer[] = []
  let now = startAt
  let order = 0
  let realWorkCount = 0

  const runInRealTime = async <T>(work: () => Promise<T>): Promise<T> => {
    realWorkCount += 1
    try {
      return await work()
    } finally {
      realWorkCount -= 1
    }
  }
  const wait = (call: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): Timer => {
    const timer = {
      at: now + Math.max(0, ms || 0),
      order: order++,
      call: () => call(...args),
    }
    push(waiting, timer)
    return timer
  }
  const clear = (timer: Timer | undefined) => {
    if (timer && typeof timer === 'object') timer.call = undefined
  }
  Object.assign(globalThis, { setTimeout: wait, clearTimeout: clear })
  const subtle = crypto.subtle as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >
  for (const name of ['encrypt', 'decrypt', 'digest', 'importKey', 'deriveKey', 'deriveBits']) {
    const native = (subtle[name] as (...args: unknown[]) => Promise<unknown>).bind(subtle)
    Object.defineProperty(subtle, name, {
      value: (...args: unknown[]) => runInRealTime(() => native(...args)),
    })
  }

  const settle = async () => {
    do {
      await new Promise((resolve) => nextTurn(resolve))
    } while (realWorkCount > 0)
  }
  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => void wait(() => resolve(), ms)),
    runInRealTime,
    async runUntil(end) {
      await settle()
      for (;;) {
        const next = pop(waiting, end)
        if (!next) break
        if (!next.call) continue
        now = Math.max(now, next.at)
        next.call()
        await settle()
      }
      now = Math.max(now, end)
    },
  }
}

const isBefore = (a: Timer | undefined, b: Timer | undefined): boolean =>
  !!a && (!b || a.at < b.at || (a.at === b.at && a.order < b.order))

/** Adds a timer to a binary heap, whose first timer is the earliest. */
const push = (heap: Timer[], timer: Timer): void => {
  let index = heap.push(timer) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    if (!isBefore(timer, heap[parent])) break
    heap[index] = heap[parent] as Timer
    index = parent
  }
  heap[index] = timer
}

/** Removes the earliest timer if it is due until `end`. */
const pop = (heap: Timer[], end: number): Timer | undefined => {
  const first = heap[0]
  if (!first || first.at > end) return undefined
  const last = heap.pop() as Timer
  if (last === first) return first
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const right = left + 1
    const child = isBefore(heap[right], heap[left]) ? right : left
    if (!isBefore(heap[child], last)) break
    heap[index] = heap[child] as Timer
    index = child
  }
  heap[index] = last
  return first
}
