/**
 * Time that jumps from one event to the next: `setTimeout` of the whole process waits in it, core's
 * pauses and deadlines too. What needs real time (WebCrypto, a body that is read) is counted, and
 * the clock stands still until it is done.
 */
export interface SimulatedTime {
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  /** Work that takes real time and no simulated time. */
  readonly real: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs until then. */
  readonly runUntil: (at: number) => Promise<void>
}

interface Timer {
  readonly at: number
  readonly order: number
  /** `undefined` once it is cleared. */
  call: (() => void) | undefined
}

/**
 * Takes over the timers and WebCrypto of this process, for good: it belongs in a process of its
 * own.
 */
export const takeOverTime = (startAt: number): SimulatedTime => {
  const nextTurn = setImmediate
  const waiting: Timer[] = []
  let [now, order, underWay] = [startAt, 0, 0]

  const real = async <T>(work: () => Promise<T>): Promise<T> => {
    underWay += 1
    try {
      return await work()
    } finally {
      underWay -= 1
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
      value: (...args: unknown[]) => real(() => native(...args)),
    })
  }

  const settle = async () => {
    do await new Promise((resolve) => nextTurn(resolve))
    while (underWay > 0)
  }
  return {
    now: () => now,
    sleep: (ms) => new Promise((resolve) => void wait(() => resolve(), ms)),
    real,
    async runUntil(end) {
      await settle()
      for (let next = pop(waiting, end); next; next = pop(waiting, end)) {
        if (!next.call) continue
        now = Math.max(now, next.at)
        next.call()
        await settle()
      }
      now = Math.max(now, end)
    },
  }
}

const before = (a: Timer | undefined, b: Timer | undefined): boolean =>
  !!a && (!b || a.at < b.at || (a.at === b.at && a.order < b.order))

/** A binary heap, the earliest first. */
const push = (heap: Timer[], timer: Timer): void => {
  let place = heap.push(timer) - 1
  for (
    let above = (place - 1) >> 1;
    place > 0 && before(timer, heap[above]);
    place = above, above = (place - 1) >> 1
  )
    heap[place] = heap[above] as Timer
  heap[place] = timer
}

const pop = (heap: Timer[], end: number): Timer | undefined => {
  const first = heap[0]
  if (!first || first.at > end) return undefined
  const last = heap.pop() as Timer
  if (last === first) return first
  let place = 0
  for (;;) {
    const [left, right] = [2 * place + 1, 2 * place + 2]
    const below = before(heap[right], heap[left]) ? right : left
    if (!before(heap[below], last)) break
    heap[place] = heap[below] as Timer
    place = below
  }
  heap[place] = last
  return first
}
