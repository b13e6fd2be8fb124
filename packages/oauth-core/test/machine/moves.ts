import fc from 'fast-check'
import type { AccessToken, TokenSet } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { minute, second, secretOf } from './fixtures.ts'
import type { Simulation } from './simulation.ts'

// How often each kind of move is chosen, relative to the others. Most kinds are types of events.
// `tick` and `jump` change the clock. `ask`, `askAgain` and `reject` request a refresh. `again`
// repeats an earlier event.
const weights = {
  tick: 12,
  jump: 3,
  exchangeStarted: 5,
  granted: 7,
  attemptFailed: 1,
  ask: 18,
  askAgain: 2,
  refreshed: 8,
  refreshFailed: 4,
  refreshThrottled: 3,
  refreshRefused: 3,
  leaseReleased: 3,
  reject: 6,
  identified: 2,
  scopesGranted: 2,
  imported: 2,
  reencryptionRequested: 1,
  recoveryRequested: 2,
  revokeRequested: 2,
  revocationCheckStarted: 2,
  revocationConfirmed: 4,
  revocationFailed: 2,
  grantAbandoned: 1,
  forgotten: 2,
  again: 6,
} as const

/** A kind of move and two numbers that choose its details. */
export type Move = readonly [kind: keyof typeof weights, n: number, m: number]

const moves = (kinds: readonly (keyof typeof weights)[]): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.tuple(
      fc.oneof(...kinds.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
      fc.nat(),
      fc.nat(),
    ),
    { minLength: 5, maxLength: 90, size: 'max' },
  )

const kinds = Object.keys(weights) as (keyof typeof weights)[]
/** Moves with a clock that only goes forward. */
export const steadyMoves = moves(kinds.filter((kind) => kind !== 'jump'))
/** Moves with a clock that also jumps. */
export const jumpingMoves = moves(kinds)
/** Moves in which many holders refresh with one refresh token, and their leases expire. */
export const refreshMoves = moves([
  'tick',
  'ask',
  'refreshed',
  'refreshFailed',
  'refreshThrottled',
  'leaseReleased',
  'reject',
]).map((chosen): Move[] => [['imported', 0, 0], ...chosen])

const ticks = [
  0,
  1,
  500,
  3 * second,
  9 * second,
  9 * second + 1,
  30 * second,
  61 * second,
  2 * minute,
  10 * minute,
  31 * minute,
  55 * minute,
]
const jumps = [
  -24 * 60 * minute,
  -30 * minute,
  -20 * second,
  -2 * second,
  2 * second,
  20 * second,
  30 * minute,
  24 * 60 * minute,
]
const lifetimes = [minute, 10 * minute, 60 * minute, 60 * minute, 60 * minute]
const identities = [
  { organizationId: 'o1' },
  { organizationId: 'o2' },
  { organizationId: 'o1', userId: 'u1' },
]

const pick = <V>(list: readonly V[], n: number): V => list[n % list.length] as V
/** An item of the list, most often the last one. */
const pickRecent = <V>(list: readonly V[], n: number): V | undefined =>
  n % 3 ? list.at(-1) : list[(n >>> 2) % (list.length || 1)]

const nextId = (simulation: Simulation, letter: string): string => `${letter}${++simulation.serial}`

const issueAccessToken = (simulation: Simulation, n: number): AccessToken => {
  const id = nextId(simulation, 'a')
  simulation.accessTokens.push(id)
  return {
    id,
    token: secretOf(id),
    issuedAt: simulation.now,
    expiresAt: simulation.now + pick(lifetimes, n),
  }
}

const issueTokenSet = (simulation: Simulation, n: number, m: number): TokenSet => {
  const refreshTokenId = nextId(simulation, 'r')
  simulation.refreshTokens.push(refreshTokenId)
  return {
    dataCenter: 'eu',
    scopes: ['ZohoRecruit.modules.ALL'],
    refreshToken: secretOf(refreshTokenId),
    refreshTokenId,
    ...(n % 4 && { accessToken: issueAccessToken(simulation, m) }),
  }
}

const pickCall = (simulation: Simulation, n: number, m: number) => {
  const call = pickRecent(simulation.calls, n)
  return call && { ...call, calls: 1 + (m % 3) }
}

/** The event of a move. `undefined` if only time passes, or if a needed event has not happened. */
export const eventOf = (
  simulation: Simulation,
  [kind, n, m]: Move,
): ConnectionEvent | undefined => {
  switch (kind) {
    case 'tick':
    case 'jump':
      simulation.now += kind === 'tick' ? pick(ticks, n) : pick(jumps, n)
      return undefined
    case 'again':
      return simulation.history.length ? pick(simulation.history, n).event : undefined
    case 'exchangeStarted': {
      const stateHash = n % 3 ? nextId(simulation, 's') : pick(simulation.stateHashes, m)
      simulation.stateHashes.push(stateHash)
      return { type: kind, stateHash, principal: pick(['ann', 'bob'], m) }
    }
    case 'granted': {
      const requestedScopes = ['ZohoRecruit.modules.ALL']
      const stateHash = n % 5 ? pickRecent(simulation.stateHashes, n) : undefined
      return {
        type: kind,
        principal: 'ann',
        tokens: issueTokenSet(simulation, n, m),
        requestedScopes,
        ...(stateHash && { stateHash }),
        ...(m % 3 === 0 && { identity: pick(identities, m) }),
        ...(m % 2 && { allowAccountSwitch: true }),
      }
    }
    case 'grantAbandoned':
      return {
        type: kind,
        stateHash: pick(simulation.stateHashes, m),
        tokens: issueTokenSet(simulation, n, m),
      }
    case 'attemptFailed':
      return { type: kind, stateHash: pick(simulation.stateHashes, m), code: 'code-rejected' }
    case 'ask':
      return {
        type: 'refreshRequested',
        holder: nextId(simulation, 'h'),
        ...(n % 3 === 0 && { rejectedTokenId: pickRecent(simulation.accessTokens, m) as string }),
        ...(n % 5 === 0 && { proactive: true }),
      }
    case 'reject': {
      const rejectedTokenId = pickRecent(simulation.accessTokens, n) as string
      return {
        type: 'refreshRequested',
        holder: nextId(simulation, 'h'),
        rejectedTokenId,
        endpoint: pick(['e1', 'e2', 'e3', 'e4'], m),
      }
    }
    case 'askAgain':
      return simulation.calls.length
        ? { type: 'refreshRequested', holder: pick(simulation.calls, n).holder }
        : undefined
    default:
      return outcomeOf(simulation, [kind, n, m])
  }
}

const outcomeOf = (simulation: Simulation, [kind, n, m]: Move): ConnectionEvent | undefined => {
  const call = pickCall(simulation, n, m)
  const refreshTokenId = pickRecent(simulation.refreshTokens, n) as string
  switch (kind) {
    case 'refreshed': {
      if (!call) return undefined
      if (m % 11) return { type: kind, ...call, accessToken: issueAccessToken(simulation, m) }
      const { refreshToken, refreshTokenId: id } = issueTokenSet(simulation, n, m)
      return {
        type: kind,
        ...call,
        accessToken: issueAccessToken(simulation, m),
        rotated: { refreshToken, refreshTokenId: id },
      }
    }
    case 'refreshFailed':
      return (
        call && {
          type: kind,
          ...call,
          code: m % 2 ? 'accounts-server-unavailable' : 'client-rejected',
        }
      )
    case 'refreshThrottled':
      return call && { type: kind, ...call, ...(m % 2 && { retryAfterMs: m % 700_000 }) }
    case 'refreshRefused':
      return call && { type: kind, ...call }
    case 'leaseReleased':
      return call && { type: kind, holder: call.holder }
    case 'identified':
      return { type: kind, refreshTokenId, identity: pick(identities, m) }
    case 'scopesGranted':
      return {
        type: kind,
        refreshTokenId,
        scopes: [pick(['ZohoRecruit.org.READ', 'ZohoRecruit.modules.ALL'], m)],
      }
    case 'imported':
      return { type: kind, principal: 'ann', tokens: issueTokenSet(simulation, n, m) }
    case 'revocationCheckStarted':
    case 'revocationConfirmed':
      return { type: kind, refreshTokenId }
    case 'revocationFailed':
      return { type: kind, refreshTokenId, code: 'revocation-failed' }
    case 'reencryptionRequested':
    case 'recoveryRequested':
    case 'revokeRequested':
    case 'forgotten':
      return { type: kind }
    default:
      return undefined
  }
}
