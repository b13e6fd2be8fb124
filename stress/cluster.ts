import type { JournalEntry } from '@zrecruit/oauth-emulator'
import type { AppSettings, Order } from './app-process.ts'
import { startProcess, type Process } from './child.ts'
import { times } from './figures.ts'
import type { TestContext } from './experiment.ts'
import { startStore, type StoreName } from './stores.ts'
import { startZoho, type Zoho } from './zoho.ts'

/** A store, Zoho, and processes of the app: what the proofs on one store share. */
export interface Cluster {
  readonly bench: TestContext
  readonly store: StoreName
  readonly zoho: Zoho
  /** What another process needs: store and Zoho. */
  readonly settings: Pick<AppSettings, 'place' | 'zoho'>
  /** So many callers ask at once in each of the other processes. */
  readonly callers: number
  /** Other processes of the app, which live on. */
  readonly others: readonly Process[]
  /** A process that remembers nothing of a connection, as after a deployment. */
  readonly newcomer: (agedMs?: number) => Promise<Process>
  /**
   * Connects by a Self Client code; answers the last six characters of the refresh token, by which
   * the journal calls it.
   */
  readonly connect: (by: Process, id: string) => Promise<string>
  /**
   * One at a time: what the journal tells meanwhile is of this one. What comes after goes on side
   * by side.
   */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** All that happened at Zoho since the ground was made. */
  readonly journal: () => Promise<readonly JournalEntry[]>
}

const appProcess = new URL('app-process.ts', import.meta.url)
const hour = 3_600

export const createCluster = async (
  bench: TestContext,
  store: StoreName,
  processes = 3,
): Promise<Cluster> => {
  const [place, zoho] = [await startStore(bench, store), await startZoho(bench)]
  const settings = { place, zoho: { eu: zoho.eu, client: zoho.client } }
  const newcomer = (agedMs = 0) =>
    startProcess(bench, appProcess, { ...settings, agedMs } satisfies AppSettings)
  const entries: JournalEntry[] = []
  let turn: Promise<unknown> = Promise.resolve()
  // The journal keeps 500 entries, so it is read often, by one at a time.
  let reading: Promise<unknown> = Promise.resolve()
  const journal = () => {
    const read = reading.then(async () => {
      entries.push(...(await zoho.journal(entries.at(-1)?.sequence)))
      return entries
    })
    reading = read.catch(() => {})
    return read
  }
  return {
    bench,
    store,
    zoho,
    settings,
    newcomer,
    callers: bench.short ? 10 : 50,
    others: await Promise.all(times(processes, () => newcomer())),
    async connect(by, id) {
      await by.ask({ do: 'connect', id, code: await zoho.newCode() } satisfies Order)
      const made = (await journal()).findLast(
        (entry) => entry.event === 'issued' && entry.tokenType === 'refresh_token',
      )
      return made?.event === 'issued' ? made.token : ''
    },
    inTurn(work) {
      const mine = turn.then(work)
      turn = mine.catch(() => {})
      return mine
    },
    journal,
  }
}

/**
 * Connections whose access token has expired: they were made an hour ago. Answers the name of the
 * refresh token of each.
 */
export const connectAnHourAgo = async (
  ground: Cluster,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const seeder = await ground.newcomer(hour * 1_000)
  const names = new Map<string, string>()
  for (const id of ids) names.set(id, await ground.connect(seeder, id))
  await ground.zoho.advanceClock(hour)
  seeder.child.disconnect()
  await seeder.ended
  return names
}

/**
 * Refreshes that Zoho made with one refresh token; the exchange that made it gave one access token,
 * too.
 */
export const refreshesOf = (
  journal: readonly JournalEntry[],
  refreshToken: string | undefined,
): number =>
  journal.filter(
    (entry) =>
      entry.event === 'issued' &&
      entry.tokenType === 'access_token' &&
      entry.refreshToken === refreshToken,
  ).length - 1
