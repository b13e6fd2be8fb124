import type { Instant } from './clock.ts'
import { settle, type Driven } from './drive.ts'
import type { Member } from './fleet.ts'
import type { FinalState, Operation } from './history.ts'
import { perform } from './perform.ts'
import type { Plan } from './plan.ts'
import type { ProcessOrder, Statuses } from './process.ts'
import type { RecordFacts } from './record-facts.ts'
import type { Setup } from './setup.ts'
import { nameOf } from './spy.ts'

export interface Rest {
  readonly at: Instant
  readonly connections: readonly FinalState[]
  readonly pending: readonly string[]
}

/** A back-off of Zoho's lasts ten minutes at most. */
const mostRecoveries = 20
const betweenRecoveriesSeconds = 60
/** For so long a used callback is remembered. */
const callbackMemorySeconds = 1_900
const hourSeconds = 3_600
/** Zoho's limits last for at most so long. */
const limitSeconds = 600
/** Core sends five; a process that was killed may have reserved one or two without sending them. */
const fewestRequestsForSpentBudget = 3

/**
 * Faults are off and everybody is alive: recovery runs until nothing is pending, and then every
 * connection is looked at, from processes that remember nothing and from those that were there all
 * the time. Last, every connection is used on.
 */
export const quiesce = async (
  scene: Setup,
  { connections }: Plan,
  driven: Driven,
): Promise<Rest> => {
  const { fleet, zoho, clock } = scene
  let number = 1_000_000
  const run = async (
    member: Member,
    verb: Operation['verb'],
    connection?: string,
  ): Promise<string> => {
    const wanted = { number: ++number, verb, ...(connection !== undefined && { connection }) }
    const operation = await perform(scene, member, wanted)
    driven.operations.push(operation)
    return operation.outcome
  }
  const ask = async <T>(member: Member, order: ProcessOrder): Promise<T> =>
    member.process.ask<T>(order)
  const skip = async (seconds: number) => {
    await settle(scene)
    await scene.readJournal()
    await scene.skip(seconds)
  }
  const recover = async (): Promise<void> => {
    for (let tries = 0; tries < mostRecoveries; tries++) {
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
  const works = async (member: Member): Promise<Map<string, string>> => {
    const outcomes = new Map<string, string>()
    for (const id of connections) outcomes.set(id, await callAndReadToken(member, id))
    return outcomes
  }
  /** Does a limit of Zoho's, as the processes reported it, explain this outcome? */
  const isLimited = (id: string, outcome: string | undefined): boolean => {
    const { throttles, requests } = fleet.told
    const now = clock.now()
    if (outcome === 'throttled')
      return throttles.some((one) => one.connection === id && one.until > now)
    const recent = requests.filter(
      (one) => one.connection === id && one.sentAt > now - limitSeconds * 1_000,
    )
    return outcome === 'refresh-budget-spent' && recent.length >= fewestRequestsForSpentBudget
  }
  /** A connection that met a limit shortly before must work as soon as the limit has ended. */
  const worksAfterLimits = async (member: Member): Promise<Map<string, string>> => {
    const outcomes = await works(member)
    const limited = connections.filter((id) => isLimited(id, outcomes.get(id)))
    if (limited.length > 0) await skip(limitSeconds)
    for (const id of limited) outcomes.set(id, await callAndReadToken(member, id))
    return outcomes
  }

  await settle(scene)
  await recover()
  const at = clock.now()
  const newcomer = await fleet.newcomer()
  const { status, listed } = await ask<Statuses>(newcomer, { do: 'statuses', ids: connections })
  const facts = await ask<Readonly<Record<string, RecordFacts>>>(newcomer, {
    do: 'facts',
    ids: connections,
  })
  const { refreshTokens } = await zoho.tokens()
  const worksNow = await worksAfterLimits(newcomer)

  // What the processes remember is at most 30 seconds old.
  await skip(35)
  for (const member of await fleet.members()) {
    await Promise.all(connections.map((id) => run(member, 'accessToken', id)))
  }
  await skip(hourSeconds)
  const worksLater = await works(await fleet.newcomer())

  const user = await fleet.newcomer()
  const other = await fleet.newcomer()
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
  const pending = await ask<readonly string[]>(newcomer, { do: 'pending' })
  const stateOf = (connection: string): FinalState => {
    const { counted = 0, storedRefreshToken } = facts[connection] ?? {}
    const living = refreshTokens
      .filter((token) => token.user === scene.userOf.get(connection))
      .map((token) => ({
        refreshToken: nameOf(token.token),
        createdAt: scene.fromZoho(token.createdAt),
      }))
    return {
      connection,
      status: status[connection] ?? '',
      ...(listed[connection] !== undefined && { listed: listed[connection] }),
      works: worksNow.get(connection) ?? '',
      worksLater: worksLater.get(connection) ?? '',
      counted,
      ...(storedRefreshToken !== undefined && { storedRefreshToken }),
      living,
      afterwards: afterwardsOf.get(connection) as FinalState['afterwards'],
    }
  }
  return { at, connections: connections.map(stateOf), pending }
}
