import { startPostgres } from '@zrecruit/testing/services'
import { startProcess, type Process } from '../child.ts'
import type { TestContext } from '../experiment.ts'
import { openStore, startStore, type StartedStore, type StoreName } from '../stores.ts'
import { startZoho, type Zoho } from '../zoho.ts'
import { hostClock, type HostClock } from './host-clock.ts'
import type { ClockCommand, ClockSettings } from './process.ts'

const processModule = new URL('process.ts', import.meta.url)

/** Three hosts: their clocks are 5 minutes ahead, 5 minutes behind, and right. In seconds. */
const skewSeconds = [300, -300, 0]

interface Host {
  readonly clock: HostClock
  readonly skew: number
  readonly process: Process
}

export interface Setup {
  readonly name: StoreName
  readonly zoho: Zoho
  readonly hosts: readonly Host[]
  /** The clock of the store's server; SQLite has no server. */
  readonly storeClock: HostClock | undefined
  /** Advances all clocks: wall clocks, monotonic clocks and Zoho's clock. */
  pass(seconds: number): Promise<void>
  /** Sets all hosts to the right time. */
  align(): void
  connect(id: string): Promise<void>
}

export const createSetup = async (context: TestContext, name: StoreName): Promise<Setup> => {
  const storeClock = name === 'sqlite' ? undefined : hostClock(context)
  const location =
    name === 'postgres' && storeClock
      ? await startPostgresWithClock(context, storeClock)
      : await startStore(context, name)
  const zoho = await startZoho(context)
  const settings: ClockSettings = {
    location,
    zoho: { eu: zoho.eu, client: zoho.client },
    ...(name === 'redis' && storeClock && { asOfOffsetFile: storeClock.file }),
  }
  const hosts = await Promise.all(
    skewSeconds.map(async (skew) => {
      const clock = hostClock(context, skew)
      return {
        clock,
        skew,
        process: await startProcess(context, processModule, settings, clock.env),
      }
    }),
  )
  const hostWithRightClock = hosts[2] as Host
  return {
    name,
    zoho,
    hosts,
    storeClock,
    async pass(seconds) {
      storeClock?.jump(seconds)
      for (const { clock } of hosts) clock.jump(seconds)
      await Promise.all([
        zoho.advanceClock(seconds),
        ...hosts.map(({ process }) =>
          process.request({ do: 'advance', ms: seconds * 1_000 } satisfies ClockCommand),
        ),
      ])
    },
    align: () => hosts.forEach(({ clock, skew }) => clock.jump(-skew)),
    async connect(id) {
      await hostWithRightClock.process.request({
        do: 'connect',
        id,
        code: await zoho.newCode(),
      } satisfies ClockCommand)
    },
  }
}

const startPostgresWithClock = async (
  context: TestContext,
  { env }: HostClock,
): Promise<StartedStore> => {
  const service = await startPostgres({ env })
  context.atEnd(() => service.stop())
  const location: StartedStore = { name: 'postgres', url: service.url, service }
  await (await openStore(location, true)).close()
  return location
}
