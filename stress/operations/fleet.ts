import { startProcess, type Process } from '../child.ts'
import type { TestContext } from '../experiment.ts'
import type { Instant } from './clock.ts'
import type { StoreFailure, Throttle, TokenRequest } from './history.ts'
import type { ProcessCommand, ProcessSettings, ProcessEvent } from './process.ts'
import { noSlowness, type Slowness } from './slow-store.ts'

const processModule = new URL('process.ts', import.meta.url)

/** One process of the app. */
export interface Member {
  readonly name: string
  readonly process: Process
  /** When it was stopped by SIGSTOP. The last stop may not have ended. */
  readonly stops: { readonly from: Instant; to?: Instant }[]
}

/** Events that the processes reported. */
export interface Reports {
  readonly requests: readonly TokenRequest[]
  readonly storeFailures: readonly StoreFailure[]
  readonly throttles: readonly Throttle[]
}

export interface Fleet {
  /** The current process of a slot. After a kill it resolves when the next one is ready. */
  member(slot: number): Promise<Member>
  /** The current processes of all slots. */
  members(): Promise<readonly Member[]>
  /** Starts a process with an empty cache, outside of the slots. */
  startFreshProcess(): Promise<Member>
  /** Kills the process by SIGKILL and starts a new one with the same keys. */
  kill(slot: number): Promise<void>
  /** Starts a new process with other keys. The old one finishes its operations and ends. */
  replace(slot: number, keys: readonly string[]): Promise<void>
  /**
   * Sends SIGSTOP. Returns a function that sends SIGCONT, or that does nothing if the process has
   * already ended.
   */
  stop(slot: number): Promise<() => void>
  /** Slows the store down for one slot or for all slots, including their later processes. */
  slow(slowness: Slowness, slot?: number): Promise<void>
  readonly reports: Reports
}

type FleetSettings = Pick<ProcessSettings, 'location' | 'zoho' | 'clockFile' | 'seed'> & {
  readonly slots: number
  readonly keys: readonly string[]
  readonly now: () => Instant
}

interface Slot {
  member: Promise<Member>
  keys: readonly string[]
  slowness: Slowness
  generation: number
  /** The last kill or deployment of this slot. The next change waits until it has ended. */
  lastChange: Promise<unknown>
}

export const startFleet = async (context: TestContext, settings: FleetSettings): Promise<Fleet> => {
  const { slots: count, keys: firstKeys, seed, now } = settings
  const requests = new Map<string, TokenRequest>()
  const storeFailures: StoreFailure[] = []
  const throttles: Throttle[] = []
  let freshProcesses = 0

  const listen = (name: string) => (message: unknown) => {
    const event = message as ProcessEvent
    if (event.type === 'token-request') requests.set(`${name} ${event.request.id}`, event.request)
    if (event.type === 'store-failure') storeFailures.push(event.failure)
    if (event.type === 'throttle') throttles.push(event.throttle)
  }
  const start = async (
    name: string,
    keys: readonly string[],
    slowness: Slowness,
  ): Promise<Member> => {
    const { location, zoho, clockFile } = settings
    const processSettings: ProcessSettings = {
      name,
      location,
      zoho,
      clockFile,
      keys,
      seed: seed + requests.size,
      slowness,
    }
    // A process that starts while the store is frozen can fail; a process manager would try again.
    for (let tries = 1; ; tries++) {
      try {
        const process = await startProcess(context, processModule, processSettings)
        process.onEvent(listen(name))
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
    lastChange: Promise.resolve(),
  }))
  await Promise.all(slots.map(({ member }) => member))
  const slotOf = (index: number): Slot => slots[index] as Slot

  const startNext = (index: number): Promise<Member> => {
    const slot = slotOf(index)
    slot.generation += 1
    return start(`p${index}.${slot.generation}`, slot.keys, slot.slowness)
  }

  const runExclusively = <T>(slot: Slot, work: () => Promise<T>): Promise<T> => {
    const result = slot.lastChange.then(work)
    slot.lastChange = result.catch(() => undefined)
    return result
  }

  return {
    reports: {
      get requests() {
        return [...requests.values()]
      },
      storeFailures,
      throttles,
    },
    member: (slot) => slotOf(slot).member,
    members: () => Promise.all(slots.map(({ member }) => member)),
    startFreshProcess: () => start(`freshProcess.${++freshProcesses}`, slotOf(0).keys, noSlowness),
    kill(index) {
      const slot = slotOf(index)
      return runExclusively(slot, async () => {
        const { process } = await slot.member
        process.kill('SIGKILL')
        slot.member = startNext(index)
        await slot.member
      })
    },
    async replace(index, keys) {
      const slot = slotOf(index)
      const { process } = await runExclusively(slot, async () => {
        const old = await slot.member
        slot.keys = keys
        const member = startNext(index)
        await member // The old process serves until the new one is ready.
        slot.member = member
        return old
      })
      await process.request({ do: 'settle' } satisfies ProcessCommand).catch(() => undefined)
      await process.stop()
    },
    async stop(index) {
      const { process, stops } = await slotOf(index).member
      if (!process.kill('SIGSTOP')) return () => undefined
      const stop: Member['stops'][number] = { from: now() }
      stops.push(stop)
      return () => {
        stop.to = now()
        process.kill('SIGCONT')
      }
    },
    async slow(slowness, index) {
      const slowed = index === undefined ? slots : [slotOf(index)]
      for (const slot of slowed) {
        slot.slowness = slowness
        const { process } = await slot.member
        process.request({ do: 'slow', slowness } satisfies ProcessCommand).catch(() => undefined)
      }
    },
  }
}
