import fc from 'fast-check'
import { noRecord, type ConnectionRecord } from '../../src/domain/record.ts'
import type { EpochMs } from '../../src/domain/time.ts'
import type { Effect } from './fixtures.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { transition, T } from './fixtures.ts'
import { eventOf, type Move } from './moves.ts'

/** An event that was applied to a record, with its time and its result. */
export interface Entry {
  readonly now: EpochMs
  readonly before: ConnectionRecord
  readonly event: ConnectionEvent
  readonly after: ConnectionRecord
  readonly effects: readonly Effect[]
}

/** A token request that may be answered at any later time, even twice. */
export interface PendingCall {
  readonly holder: string
  readonly refreshTokenId: string
}

/**
 * The state that the moves read and change. All processes share the record; the other fields are
 * the memory of the callers.
 */
export interface Simulation {
  now: EpochMs
  record: ConnectionRecord
  serial: number
  readonly calls: PendingCall[]
  readonly refreshTokens: string[]
  readonly accessTokens: string[]
  readonly stateHashes: string[]
  readonly history: Entry[]
}

const freeze = <V>(value: V): V => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}

/** Applies the moves one after the other. Every record and event is frozen first. */
const simulate = (moves: readonly Move[]): Simulation => {
  const simulation: Simulation = {
    now: T,
    record: noRecord,
    serial: 0,
    calls: [],
    refreshTokens: ['r-unknown'],
    accessTokens: ['a-unknown'],
    stateHashes: ['s-unknown'],
    history: [],
  }
  for (const move of moves) {
    const event = eventOf(simulation, move)
    if (event) apply(simulation, freeze(event))
  }
  return simulation
}

const apply = (simulation: Simulation, event: ConnectionEvent): void => {
  const before = freeze(simulation.record)
  const [after, effects] = transition(before, event, simulation.now)
  for (const effect of effects) {
    if (effect.type === 'refresh' && event.type === 'refreshRequested')
      simulation.calls.push({ holder: event.holder, refreshTokenId: effect.tokens.refreshTokenId })
  }
  simulation.history.push({ now: simulation.now, before, event, after, effects })
  simulation.record = after
}

/** Runs `check` on random histories. */
export const forAllHistories = (
  moves: fc.Arbitrary<Move[]>,
  check: (simulation: Simulation) => void,
  numRuns = 1_500,
): void =>
  fc.assert(
    fc.property(moves, (chosen) => check(simulate(chosen))),
    { numRuns },
  )
