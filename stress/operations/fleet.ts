import { startProcess, type Process } from '../child.ts'
import type { TestContext } from '../experiment.ts'
import type { Instant } from './clock.ts'
import type { StoreFailure, Throttle, TokenRequest } from './history.ts'
import type { ProcessOrder, ProcessSettings, Word } from './process.ts'
import { noSlowness, type Slowness } from './slow-store.ts'

const processModule = new URL('process.ts', import.meta.url)

/** One operating system process of the app. */
export interface Member {
  readonly name: string
  readonly process: Process
  /** The times it was stopped; the last one may not have ended. */
  readonly stops: { readonly from: Instant; to?: Instant }[]
}

/** What the processes told without being asked. */
export interface Told {
  readonly requests: readonly TokenRequest[]
  readonly storeFailures: readonly StoreFailure[]
  readonly throttles: readonly Throttle[]
}

export interface Fleet {
  /**
   * The process of a slot. After a kill or a deployment that is the next one, as soon as it is
   * ready.
   */
  member(slot: number): Promise<Member>
  /** All processes that live. */
  members(): Promise<readonly Member[]>
  /** A process that remembers nothing. It is in no slot. */
  newcomer(): Promise<Member>
  /** SIGKILL, and a new process with the same keys takes the slot. */
  kill(slot: number): Promise<void>
  /**
   * A new process with these keys takes the slot; the old one ends what it has begun and then
   * itself.
   */
  replace(slot: number, keys: readonly string[]): Promise<void>
  /** SIGSTOP; what it answers is SIGCONT. Nothing where the process is gone by then. */
  stop(slot: number): Promise<() => void>
  /** Also for the processes that come. */
  slow(slowness: Slowness, slot?: number): Promise<void>
  readonly told: Told
}

type FleetSettings = Pick<ProcessSettings, 'place' | 'zoho' | 'clockFile' | 'seed'> & {
  readonly slots: number
  readonly keys: readonly string[]
  readonly now: () => Instant
}

interface Slot {
  member: Promise<Member>
  keys: readonly string[]
  slowness: Slowness
  generation: number
  /** A kill and a deployment of one slot wait for each other. */
  turn: Promise<unknown>
}

export const startFleet = async (bench: TestContext, settings: FleetSettings): Promise<Fleet> => {
  const { slots: count, keys: firstKeys, seed, now } = settings
  const requests = new Map<string, TokenRequest>()
  const storeFailures: StoreFailure[] = []
  const throttles: Throttle[] = []
  let newcomers = 0

  const listen = (name: string) => (said: unknown) => {
    const word = said as Word
    if (word.type === 'token-request') requests.set(`${name} ${word.request.id}`, word.request)
    if (word.type === 'store-failure') storeFailures.push(word.failure)
    if (word.type === 'throttle') throttles.push(word.throttle)
  }
  const start = async (
    name: string,
    keys: readonly string[],
    slowness: Slowness,
  ): Promise<Member> => {
    const { place, zoho, clockFile } = settings
    const given: ProcessSettings = {
      name,
      place,
      zoho,
      clockFile,
      keys,
      seed: seed + requests.size,
      slowness,
    }
    // A process that starts while the store stands still can fail, as it would under any
    // supervisor.
    for (let tries = 1; ; tries++) {
      try {
        const process = await startProcess(bench, processModule, given)
        process.onWord(listen(name))
        return { name, process, stops: [] }
      } catch (error) {
        if (tries === 5) throw error
      }
    }
  }
  const slots: Slot[] = Array.from({ length: count }, (_, index) => ({
    member: start(`p${index}.1`, firstKeys, noSlowness),
    keys: firstKeys,
    slowness: noSlowness,
    generation: 1,
    turn: Promise.resolve(),
  }))
  await Promise.all(slots.map(({ member }) => member))
  const slotOf = (index: number): Slot => slots[index] as Slot

  const next = (index: number): Promise<Member> => {
    const slot = slotOf(index)
    slot.generation += 1
    return start(`p${index}.${slot.generation}`, slot.keys, slot.slowness)
  }

  const inTurn = <T>(slot: Slot, work: () => Promise<T>): Promise<T> => {
    const mine = slot.turn.then(work)
    slot.turn = mine.catch(() => undefined)
    return mine
  }

  return {
    told: {
      get requests() {
        return [...requests.values()]
      },
      storeFailures,
      throttles,
    },
    member: (slot) => slotOf(slot).member,
    members: () => Promise.all(slots.map(({ member }) => member)),
    newcomer: () => start(`newcomer.${++newcomers}`, slotOf(0).keys, noSlowness),
    kill(index) {
      const slot = slotOf(index)
      return inTurn(slot, async () => {
        const { process } = await slot.member
        process.child.kill('SIGKILL')
        slot.member = next(index)
        await slot.member
      })
    },
    async replace(index, keys) {
      const slot = slotOf(index)
      const { process } = await inTurn(slot, async () => {
        const old = await slot.member
        slot.keys = keys
        const member = next(index)
        await member // The old process serves until the new one is ready.
        slot.member = member
        return old
      })
      await process.ask({ do: 'settle' } satisfies ProcessOrder).catch(() => undefined)
      if (process.child.connected) process.child.disconnect()
      await process.ended
    },
    async stop(index) {
      const { process, stops } = await slotOf(index).member
      if (!process.child.kill('SIGSTOP')) return () => undefined
      const stop: Member['stops'][number] = { from: now() }
      stops.push(stop)
      return () => {
        stop.to = now()
        process.child.kill('SIGCONT')
      }
    },
    async slow(slowness, only) {
      const chosen = only === undefined ? slots : [slotOf(only)]
      for (const slot of chosen) {
        slot.slowness = slowness
        const { process } = await slot.member
        process.ask({ do: 'slow', slowness } satisfies ProcessOrder).catch(() => undefined)
      }
    },
  }
}
