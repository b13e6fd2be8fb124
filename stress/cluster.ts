import type { JournalEntry } from '@zrecruit/oauth-emulator'
import type { AppSettings, Command } from './app-process.ts'
import { startProcess, type Process } from './child.ts'
import { times } from './figures.ts'
import type { TestContext } from './experiment.ts'
import { startStore, type StoreName } from './stores.ts'
import { startZoho, type Zoho } from './zoho.ts'

/** A store, an emulated Zoho, and several processes of the app. */
export interface Cluster {
  readonly context: TestContext
  readonly store: StoreName
  readonly zoho: Zoho
  /** Where a process finds the store and Zoho. */
  readonly settings: Pick<AppSettings, 'location' | 'zoho'>
  /** The number of simultaneous callers in each of the other processes. */
  readonly callers: number
  /** Processes of the app that keep running. */
  readonly others: readonly Process[]
  /** Starts a process with an empty cache, as after a deployment. */
  readonly startFreshProcess: (storeClockBehindMs?: number) => Promise<Process>
  /**
   * Connects with a Self Client code. Resolves with the last six characters of the refresh token;
   * the journal names refresh tokens this way.
   */
  readonly connect: (process: Process, id: string) => Promise<string>
  /** Runs one `work` after the other, so that new journal entries belong to the current one. */
  readonly runExclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** All journal entries of the emulator since the cluster was created. */
  readonly journal: () => Promise<readonly JournalEntry[]>
}

const appModule = new URL('app-process.ts', import.meta.url)
const hourSeconds = 3_600

export const createCluster = async (
  context: TestContext,
  store: StoreName,
  processes = 3,
): Promise<Cluster> => {
  const location = await startStore(context, store)
  const zoho = await startZoho(context)
  const settings = { location, zoho: { eu: zoho.eu, client: zoho.client } }
  const startFreshProcess = (storeClockBehindMs = 0) =>
    startProcess(context, appModule, { ...settings, storeClockBehindMs } satisfies AppSettings)
  const entries: JournalEntry[] = []
  let lastWork: Promise<unknown> = Promise.resolve()
  // The journal keeps 500 entries, so it is read often; reads wait for each other.
  let lastRead: Promise<unknown> = Promise.resolve()
  const journal = () => {
    const read = lastRead.then(async () => {
      entries.push(...(await zoho.journal(entries.at(-1)?.sequence)))
      return entries
    })
    lastRead = read.catch(() => {})
    return read
  }
  return {
    context,
    store,
    zoho,
    settings,
    startFreshProcess,
    callers: context.short ? 10 : 50,
    others: await Promise.all(times(processes, () => startFreshProcess())),
    async connect(process, id) {
      await process.request({ do: 'connect', id, code: await zoho.newCode() } satisfies Command)
      const issued = (await journal()).findLast(
        (entry) => entry.event === 'issued' && entry.tokenType === 'refresh_token',
      )
      return issued?.event === 'issued' ? issued.token : ''
    },
    runExclusively(work) {
      const result = lastWork.then(work)
      lastWork = result.catch(() => {})
      return result
    },
    journal,
  }
}

/**
 * Creates connections whose access token has expired: they seem to be an hour old. Resolves with
 * the journal's name of each refresh token.
 */
export const connectWithExpiredTokens = async (
  cluster: Cluster,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const seeder = await cluster.startFreshProcess(hourSeconds * 1_000)
  const names = new Map<string, string>()
  for (const id of ids) names.set(id, await cluster.connect(seeder, id))
  await cluster.zoho.advanceClock(hourSeconds)
  await seeder.stop()
  return names
}

/**
 * Counts the refreshes with one refresh token. The exchange also issued an access token, which is
 * not counted.
 */
export const countRefreshes = (
  journal: readonly JournalEntry[],
  refreshToken: string | undefined,
): number =>
  journal.filter(
    (entry) =>
      entry.event === 'issued' &&
      entry.tokenType === 'access_token' &&
      entry.refreshToken === refreshToken,
  ).length - 1
