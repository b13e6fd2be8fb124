import { ChildExited } from '@zrecruit/testing/processes'
import { approve, type Callback } from '../consent.ts'
import type { Member } from './fleet.ts'
import type { Operation, Verb } from './history.ts'
import type { PerformResult, ProcessCommand, StartResult } from './process.ts'
import type { Setup } from './setup.ts'

/** An operation that is about to be performed. */
export interface OperationRequest {
  readonly number: number
  readonly verb: Verb
  readonly connection?: string
  /** For a consent in a browser: the process that starts the authorization. */
  readonly starter?: Member
}

/** Performs an operation in a process. Its outcome is `killed` if the process is killed. */
export const perform = async (
  setup: Setup,
  member: Member,
  request: OperationRequest,
): Promise<Operation> => {
  const { number, verb, connection, starter } = request
  const { now } = setup.clock
  const common = { number, verb, ...(connection !== undefined && { connection }) }
  const toOperation = (process: Member, result: PerformResult): Operation => {
    const stoppedMs = stoppedDuring(process, result.begin, result.end)
    return { ...common, process: process.name, stoppedMs, ...result }
  }
  const startedAt = now()
  let authorization: { readonly code?: string; readonly callback?: Callback } = {}
  if (verb === 'consent' && connection !== undefined) {
    const user = setup.userOf.get(connection) as string
    if (starter) {
      const command: ProcessCommand = { do: 'start', id: connection }
      const started = await starter.process
        .request<StartResult>(command)
        .catch(() => ({ outcome: 'killed-before' }))
      if ('outcome' in started)
        return toOperation(starter, { begin: startedAt, end: now(), outcome: started.outcome })
      authorization = { callback: await approve(started.start, user) }
    } else authorization = { code: await setup.zoho.newCode(user) }
  }
  const command: ProcessCommand = {
    do: 'operate',
    number,
    verb,
    ...(connection !== undefined && { id: connection }),
    ...authorization,
  }
  const begin = now()
  return member.process.request<PerformResult>(command).then(
    (result) => toOperation(member, result),
    (error: unknown) => {
      if (!(error instanceof ChildExited)) throw error
      return toOperation(member, { begin, end: now(), outcome: 'killed' })
    },
  )
}

/** How long a process was stopped between two instants. */
const stoppedDuring = ({ stops }: Member, begin: number, end: number): number =>
  stops.reduce(
    (sum, { from, to = end }) => sum + Math.max(0, Math.min(end, to) - Math.max(begin, from)),
    0,
  )
