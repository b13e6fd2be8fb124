import { approve, type Callback } from '../consent.ts'
import type { Member } from './fleet.ts'
import type { Operation, Verb } from './history.ts'
import type { Begun, Operated, ProcessOrder } from './process.ts'
import type { Setup } from './setup.ts'

export interface Wanted {
  readonly number: number
  readonly verb: Verb
  readonly connection?: string
  /** A consent in a browser, which this process begins. */
  readonly beginner?: Member
}

/**
 * Asks a process for one operation, and writes down what came of it, also where the process is
 * killed.
 */
export const perform = async (scene: Setup, member: Member, wanted: Wanted): Promise<Operation> => {
  const { number, verb, connection, beginner } = wanted
  const { now } = scene.clock
  const what = { number, verb, ...(connection !== undefined && { connection }) }
  const written = (process: Member, operated: Operated): Operation => {
    const stoppedMs = stoppedIn(process, operated.begin, operated.end)
    return { ...what, process: process.name, stoppedMs, ...operated }
  }
  const askedAt = now()
  let proof: { readonly code?: string; readonly callback?: Callback } = {}
  if (verb === 'consent' && connection !== undefined) {
    const user = scene.userOf.get(connection) as string
    if (beginner) {
      const order: ProcessOrder = { do: 'begin', id: connection }
      const begun = await beginner.process
        .ask<Begun>(order)
        .catch(() => ({ outcome: 'killed-before' }))
      if ('outcome' in begun)
        return written(beginner, { begin: askedAt, end: now(), outcome: begun.outcome })
      proof = { callback: await approve(begun.start, user) }
    } else proof = { code: await scene.zoho.newCode(user) }
  }
  const order: ProcessOrder = {
    do: 'operate',
    number,
    verb,
    ...(connection !== undefined && { id: connection }),
    ...proof,
  }
  const begin = now()
  return member.process.ask<Operated>(order).then(
    (operated) => written(member, operated),
    (error: Error) => {
      if (!error.message.startsWith('the process ended') && !('code' in error)) throw error
      return written(member, { begin, end: now(), outcome: 'killed' })
    },
  )
}

const stoppedIn = ({ stops }: Member, begin: number, end: number): number =>
  stops.reduce(
    (sum, { from, to = end }) => sum + Math.max(0, Math.min(end, to) - Math.max(begin, from)),
    0,
  )
