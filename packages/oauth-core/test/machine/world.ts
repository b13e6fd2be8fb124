import fc from 'fast-check'
import { noRecord, type ConnectionRecord } from '../../src/domain/record.ts'
import type { EpochMs } from '../../src/domain/time.ts'
import type { Order } from './fixtures.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { transition, T } from './fixtures.ts'
import { eventOf, type Move } from './moves.ts'

/**
 * One event that was applied: to a record, at a moment, with its answer. `again`: an event that was
 * applied before.
 */
export interface Entry {
  readonly now: EpochMs
  readonly before: ConnectionRecord
  readonly event: ConnectionEvent
  readonly after: ConnectionRecord
  readonly effects: readonly Order[]
}

/**
 * A call of the token endpoint that was ordered and may answer at any time from then on, also
 * twice.
 */
export interface PendingCall {
  readonly holder: string
  readonly refreshTokenId: string
}

/**
 * What the moves see and change: the record is the one thing that is shared, the rest is what
 * callers remember.
 */
export interface World {
  now: EpochMs
  record: ConnectionRecord
  serial: number
  readonly calls: PendingCall[]
  readonly refreshTokens: string[]
  readonly accessTokens: string[]
  readonly states: string[]
  readonly history: Entry[]
}

const freeze = <V>(value: V): V => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const member of Object.values(value)) freeze(member)
  return Object.freeze(value)
}

/** Plays the moves one after the other; every record and event is frozen first. */
const play = (moves: readonly Move[]): World => {
  const world: World = {
    now: T,
    record: noRecord,
    serial: 0,
    calls: [],
    refreshTokens: ['r-unknown'],
    accessTokens: ['a-unknown'],
    states: ['s-unknown'],
    history: [],
  }
  for (const move of moves) {
    const event = eventOf(world, move)
    if (event) apply(world, freeze(event))
  }
  return world
}

const apply = (world: World, event: ConnectionEvent): void => {
  const before = freeze(world.record)
  const [after, effects] = transition(before, event, world.now)
  for (const effect of effects) {
    if (effect.type === 'refresh' && event.type === 'refreshRequested')
      world.calls.push({ holder: event.holder, refreshTokenId: effect.tokens.refreshTokenId })
  }
  world.history.push({ now: world.now, before, event, after, effects })
  world.record = after
}

/** Checks something of random histories. */
export const forAllHistories = (
  moves: fc.Arbitrary<Move[]>,
  check: (world: World) => void,
  numRuns = 1_500,
): void =>
  fc.assert(
    fc.property(moves, (chosen) => check(play(chosen))),
    { numRuns },
  )
