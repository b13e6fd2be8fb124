import type { Instant } from './clock.ts'
import { settle, type Driven } from './drive.ts'
import type { Member } from './fleet.ts'
import type { FinalState, Operation } from './history.ts'
import { perform } from './perform.ts'
import type { Plan } from './plan.ts'
import type { ProcessCommand, Statuses } from './process.ts'
import type { RecordFacts } from './record-facts.ts'
import type { Setup } from './setup.ts'
import { nameOf } from './spy.ts'

export interface AtRest {
  readonly at: Instant
  readonly connections: readonly FinalState[]
  readonly pending: readonly string[]
}

/** More than enough, with one recovery a minute: a back-off lasts at most ten minutes. */
const maxRecoveries = 20
const betweenRecoveriesSeconds = 60
/** How long used callbacks are remembered. */
const callbackMemorySeconds = 1_900
const hourSeconds = 3_600
/** Zoho's limits end after at most ten minutes. */
const limitSeconds = 600
/** Core's budget is five; killed processes may have reserved one or two without sending them. */
const minRequestsForSpentBudget = 3

/**
 * Runs after all faults have ended. It calls `recover()` until nothing is pending. Then it checks
 * every connection in processes with an empty cache and in the running ones. Finally it uses every
 * connection again.
 */
export const checkAtRest = async (
  setup: Setup,
  { connections }: Plan,
  driven: Driven,
): Promise<AtRest> => {
  const { fleet, zoho, clock } = setup
  let number = 1_000_000
  const run = async (
    member: Member,
    verb: Operation['verb'],
    connection?: string,
  ): Promise<string> => {
    const request = { number: ++number, verb, ...(connection !== undefined && { connection }) }
    const operation = await perform(setup, member, request)
    driven.operations.push(operation)
    return operation.outcome
  }
  const ask = async <T>(member: Member, command: ProcessCommand): Promise<T> =>
    member.process.request<T>(command)
  const skip = async (seconds: number) => {
    await settle(setup)
    await setup.readJournal()
    await setup.skip(seconds)
  }
  const recover = async (): Promise<void> => {
    for (let tries = 0; tries < maxRecoveries; tries++) {
      const outcome = await run(await fleet.member(tries % 2), 'recover')
      const { pending } = await ask<Statuses>(await fleet.member(0), { do: 'statuses', ids: [] })
      if (outcome === 'ok' && pending.length === 0) return
      await skip(betweenRecoveriesSeconds)
    }
  }
  const callAndReadToken = async (member: Member, id: string): Promise<string> => {
    const outcome = await run(member, 'fetch', id)
    return outcome === 'ok' ? run(member, 'accessToken', id) : outcome
  }
  const callAll = async (member: Member): Promise<Map<string, string>> => {
    const outcomes = new Map<string, string>()
    for (const id of connections) outcomes.set(id, await callAndReadToken(member, id))
    return outcomes
  }
  /** True if a limit that the processes reported explains this outcome. */
  const isLimited = (id: string, outcome: string | undefined): boolean => {
    const { throttles, requests } = fleet.reports
    const now = clock.now()
    if (outcome === 'throttled')
      return throttles.some(({ connection, until }) => connection === id && until > now)
    const recent = requests.filter(
      ({ connection, sentAt }) => connection === id && sentAt > now - limitSeconds * 1_000,
    )
    return outcome === 'refresh-budget-spent' && recent.length >= minRequestsForSpentBudget
  }
  /** Repeats the calls that failed because of a limit, after the limit has ended. */
  const callAllAfterLimits = async (member: Member): Promise<Map<string, string>> => {
    const outcomes = await callAll(member)
    const limited = connections.filter((id) => isLimited(id, outcomes.get(id)))
    if (limited.length > 0) await skip(limitSeconds)
    for (const id of limited) outcomes.set(id, await callAndReadToken(member, id))
    return outcomes
  }

  await settle(setup)
  await recover()
  const at = clock.now()
  const freshProcess = await fleet.startFreshProcess()
  const { status, listed } = await ask<Statuses>(freshProcess, { do: 'statuses', ids: connections })
  const facts = await ask<Readonly<Record<string, RecordFacts>>>(freshProcess, {
    do: 'facts',
    ids: connections,
  })
  const { refreshTokens } = await zoho.tokens()
  const outcomesNow = await callAllAfterLimits(freshProcess)

  // A cached record is at most 30 seconds old.
  await skip(35)
  for (const member of await fleet.members()) {
    await Promise.all(connections.map((id) => run(member, 'accessToken', id)))
  }
  await skip(hourSeconds)
  const outcomesLater = await callAll(await fleet.startFreshProcess())

  const user = await fleet.startFreshProcess()
  const other = await fleet.startFreshProcess()
  const afterwards = async (connection: string): Promise<FinalState['afterwards']> => ({
    consent: await run(user, 'consent', connection),
    fetch: await run(other, 'fetch', connection),
    refresh: await run(user, 'refresh', connection),
    revoke: await run(other, 'revoke', connection),
    status:
      (await ask<Statuses>(user, { do: 'statuses', ids: [connection] })).status[connection] ?? '',
  })
  const afterwardsOf = new Map<string, FinalState['afterwards']>()
  for (const id of connections) afterwardsOf.set(id, await afterwards(id))

  await skip(callbackMemorySeconds)
  await recover()
  const pending = await ask<readonly string[]>(freshProcess, { do: 'pending' })
  const stateOf = (connection: string): FinalState => {
    const { counted = 0, storedRefreshToken } = facts[connection] ?? {}
    const living = refreshTokens
      .filter((token) => token.user === setup.userOf.get(connection))
      .map((token) => ({
        refreshToken: nameOf(token.token),
        createdAt: setup.fromZoho(token.createdAt),
      }))
    return {
      connection,
      status: status[connection] ?? '',
      ...(listed[connection] !== undefined && { listed: listed[connection] }),
      callOutcome: outcomesNow.get(connection) ?? '',
      laterCallOutcome: outcomesLater.get(connection) ?? '',
      counted,
      ...(storedRefreshToken !== undefined && { storedRefreshToken }),
      living,
      afterwards: afterwardsOf.get(connection) as FinalState['afterwards'],
    }
  }
  return { at, connections: connections.map(stateOf), pending }
}
