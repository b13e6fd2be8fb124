import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from '../experiment.ts'
import { startStore, type StartedStore, type StoreName } from '../stores.ts'
import { startZoho, type Zoho } from '../zoho.ts'
import { createClock } from './clock.ts'
import { startFleet, type Fleet } from './fleet.ts'
import type { Refusal } from './history.ts'
import type { Plan } from './plan.ts'
import { refusedPath } from './spy.ts'
import { stallPostgres, type StallCommits } from './stalled-commits.ts'

/** A store, Zoho, processes of the app, and a clock that all of them share. */
export interface Setup {
  readonly context: TestContext
  readonly location: StartedStore
  readonly zoho: Zoho
  readonly clock: ReturnType<typeof createClock>
  readonly fleet: Fleet
  /** The Zoho user of each connection. Every connection has its own user. */
  readonly userOf: ReadonlyMap<string, string>
  /** Converts an instant of the emulator's clock to the shared clock. */
  readonly fromZoho: (at: number) => number
  readonly stallCommits?: StallCommits
  /** Advances all clocks. */
  skip(seconds: number): Promise<void>
  /** Reads the journal, which keeps the last 500 entries. */
  readJournal(): Promise<void>
  readonly refusals: readonly Refusal[]
}

export const createSetup = async (
  context: TestContext,
  store: StoreName,
  plan: Plan,
): Promise<Setup> => {
  const location = await startStore(context, store)
  // Each connection has its own user, and limits that are not under test are practically off.
  const zoho = await startZoho(context, {
    liveRefreshTokens: 1_000,
    refreshTokenBudget: { limit: 1_000, windowSeconds: 60 },
    liveAccessTokens: 1_000,
    revocationScope: 'token',
    codeLifeSeconds: 600,
  })
  const userOf = new Map<string, string>()
  for (const id of plan.connections) userOf.set(id, await zoho.addUser('Connection', id))
  await zoho.addFault({ on: 'api', path: `/recruit/v2/${refusedPath}`, kind: 'token-rejected' })

  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-operations-'))
  context.atEnd(() => rm(folder, { recursive: true, force: true }))
  const clockFile = join(folder, 'skipped-ms')
  const clock = createClock(clockFile)
  const aheadMs = (await zoho.tokens()).now - clock.now()
  const fleet = await startFleet(context, {
    location: { name: location.name, url: location.url },
    zoho: { eu: zoho.eu, client: zoho.client },
    clockFile,
    seed: plan.seed,
    slots: plan.slots,
    keys: plan.keys.slice(0, 1),
    now: clock.now,
  })
  const refusals: Refusal[] = []
  let lastSequence = 0
  let lastRead: Promise<void> = Promise.resolve()
  const readNow = async () => {
    for (const entry of await zoho.journal(lastSequence)) {
      if (entry.sequence > lastSequence + 1)
        refusals.push({ what: 'the journal lost entries', user: '' })
      lastSequence = entry.sequence
      if (entry.event === 'blocked') refusals.push({ what: entry.budget, user: entry.user })
      if (entry.event === 'evicted') refusals.push({ what: entry.limit, user: entry.user })
    }
  }
  return {
    context,
    location,
    zoho,
    clock,
    fleet,
    userOf,
    refusals,
    fromZoho: (at) => at - aheadMs,
    ...(store === 'postgres' && { stallCommits: await stallPostgres(context, location) }),
    async skip(seconds) {
      await zoho.advanceClock(seconds)
      clock.skip(seconds)
    },
    readJournal() {
      // After a read that failed, the next one reads the same entries.
      lastRead = lastRead.then(readNow, readNow)
      return lastRead
    },
  }
}
