import { startPostgres } from '@zrecruit/testing/services'
import { startProcess, type Process } from '../child.ts'
import type { TestContext } from '../experiment.ts'
import { openStore, startStore, type StartedStore, type StoreName } from '../stores.ts'
import { startZoho, type Zoho } from '../zoho.ts'
import { hostClock, type HostClock } from './host-clock.ts'
import type { ClockOrder, ClockSettings } from './process.ts'

const processModule = new URL('process.ts', import.meta.url)

/** The hosts of three processes: five minutes ahead, five behind, right. In seconds. */
const skews = [300, -300, 0]

interface Host {
  readonly clock: HostClock
  readonly skew: number
  readonly process: Process
}

export interface Setup {
  readonly name: StoreName
  readonly zoho: Zoho
  readonly hosts: readonly Host[]
  /** The clock of the store's server; SQLite has none. */
  readonly storeClock: HostClock | undefined
  /** Time passes for everybody: wall clocks, monotonic clocks, Zoho's. */
  pass(seconds: number): Promise<void>
  /** From now on all hosts have the right time, as processes on one machine have the same. */
  align(): void
  connect(id: string): Promise<void>
}

export const createSetup = async (bench: TestContext, name: StoreName): Promise<Setup> => {
  const storeClock = name === 'sqlite' ? undefined : hostClock(bench)
  const place =
    name === 'postgres' && storeClock
      ? await startOn(bench, storeClock)
      : await startStore(bench, name)
  const zoho = await startZoho(bench)
  const settings: ClockSettings = {
    place,
    zoho: { eu: zoho.eu, client: zoho.client },
    ...(name === 'redis' && storeClock && { shiftedBy: storeClock.file }),
  }
  const hosts = await Promise.all(
    skews.map(async (skew) => {
      const clock = hostClock(bench, skew)
      return { clock, skew, process: await startProcess(bench, processModule, settings, clock.env) }
    }),
  )
  return {
    name,
    zoho,
    hosts,
    storeClock,
    async pass(seconds) {
      storeClock?.turn(seconds)
      for (const { clock } of hosts) clock.turn(seconds)
      await Promise.all([
        zoho.advanceClock(seconds),
        ...hosts.map(({ process }) =>
          process.ask({ do: 'push', ms: seconds * 1_000 } satisfies ClockOrder),
        ),
      ])
    },
    align: () => hosts.forEach(({ clock, skew }) => clock.turn(-skew)),
    async connect(id) {
      await (hosts[2] as Host).process.ask({
        do: 'connect',
        id,
        code: await zoho.newCode(),
      } satisfies ClockOrder)
    },
  }
}

const startOn = async (bench: TestContext, { env }: HostClock): Promise<StartedStore> => {
  const service = await startPostgres({ env })
  bench.atEnd(() => service.stop())
  const place: StartedStore = { name: 'postgres', url: service.url, service }
  await (await openStore(place, true)).close()
  return place
}
