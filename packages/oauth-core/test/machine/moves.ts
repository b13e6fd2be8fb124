import fc from 'fast-check'
import type { AccessToken, TokenSet } from '../../src/domain/record.ts'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { minute, second, secretOf } from './fixtures.ts'
import type { World } from './world.ts'

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
/** Moves under a clock that only goes forward, and under one that also jumps. */
export const steady = moves(kinds.filter((kind) => kind !== 'jump'))
export const jumping = moves(kinds)
/** Many holders of one refresh token, whose leases run out. */
export const refreshing = moves([
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
/** One of the list, the latest more often than the others. */
const late = <V>(list: readonly V[], n: number): V | undefined =>
  n % 3 ? list.at(-1) : list[(n >>> 2) % (list.length || 1)]

const fresh = (world: World, letter: string): string => `${letter}${++world.serial}`

const mint = (world: World, n: number): AccessToken => {
  const id = fresh(world, 'a')
  world.accessTokens.push(id)
  return { id, token: secretOf(id), issuedAt: world.now, expiresAt: world.now + pick(lifetimes, n) }
}

const consent = (world: World, n: number, m: number): TokenSet => {
  const refreshTokenId = fresh(world, 'r')
  world.refreshTokens.push(refreshTokenId)
  return {
    dataCenter: 'eu',
    scopes: ['ZohoRecruit.modules.ALL'],
    refreshToken: secretOf(refreshTokenId),
    refreshTokenId,
    ...(n % 4 && { accessToken: mint(world, m) }),
  }
}

const outcome = (world: World, n: number, m: number) => {
  const call = late(world.calls, n)
  return call && { ...call, calls: 1 + (m % 3) }
}

/**
 * The event that a move stands for in this world; none, when only time passes or nothing is there
 * to be told.
 */
export const eventOf = (world: World, [kind, n, m]: Move): ConnectionEvent | undefined => {
  switch (kind) {
    case 'tick':
    case 'jump':
      world.now += kind === 'tick' ? pick(ticks, n) : pick(jumps, n)
      return undefined
    case 'again':
      return world.history.length ? pick(world.history, n).event : undefined
    case 'exchangeStarted': {
      const state = n % 3 ? fresh(world, 's') : pick(world.states, m)
      world.states.push(state)
      return { type: kind, state, principal: pick(['ann', 'bob'], m) }
    }
    case 'granted': {
      const requestedScopes = ['ZohoRecruit.modules.ALL']
      const state = n % 5 ? late(world.states, n) : undefined
      return {
        type: kind,
        principal: 'ann',
        tokens: consent(world, n, m),
        requestedScopes,
        ...(state && { state }),
        ...(m % 3 === 0 && { identity: pick(identities, m) }),
        ...(m % 2 && { allowAccountSwitch: true }),
      }
    }
    case 'grantAbandoned':
      return { type: kind, state: pick(world.states, m), tokens: consent(world, n, m) }
    case 'attemptFailed':
      return { type: kind, state: pick(world.states, m), code: 'code-rejected' }
    case 'ask':
      return {
        type: 'refreshRequested',
        holder: fresh(world, 'h'),
        ...(n % 3 === 0 && { rejectedTokenId: late(world.accessTokens, m) as string }),
        ...(n % 5 === 0 && { proactive: true }),
      }
    case 'reject': {
      const rejectedTokenId = late(world.accessTokens, n) as string
      return {
        type: 'refreshRequested',
        holder: fresh(world, 'h'),
        rejectedTokenId,
        endpoint: pick(['e1', 'e2', 'e3', 'e4'], m),
      }
    }
    case 'askAgain':
      return world.calls.length
        ? { type: 'refreshRequested', holder: pick(world.calls, n).holder }
        : undefined
    default:
      return outcomeOf(world, [kind, n, m])
  }
}

const outcomeOf = (world: World, [kind, n, m]: Move): ConnectionEvent | undefined => {
  const told = outcome(world, n, m)
  const refreshTokenId = late(world.refreshTokens, n) as string
  switch (kind) {
    case 'refreshed': {
      if (!told) return undefined
      if (m % 11) return { type: kind, ...told, accessToken: mint(world, m) }
      const { refreshToken, refreshTokenId: id } = consent(world, n, m)
      return {
        type: kind,
        ...told,
        accessToken: mint(world, m),
        rotated: { refreshToken, refreshTokenId: id },
      }
    }
    case 'refreshFailed':
      return (
        told && {
          type: kind,
          ...told,
          code: m % 2 ? 'accounts-server-unavailable' : 'client-rejected',
        }
      )
    case 'refreshThrottled':
      return told && { type: kind, ...told, ...(m % 2 && { retryAfterMs: m % 700_000 }) }
    case 'refreshRefused':
      return told && { type: kind, ...told }
    case 'leaseReleased':
      return told && { type: kind, holder: told.holder }
    case 'identified':
      return { type: kind, refreshTokenId, identity: pick(identities, m) }
    case 'scopesGranted':
      return {
        type: kind,
        refreshTokenId,
        scopes: [pick(['ZohoRecruit.org.READ', 'ZohoRecruit.modules.ALL'], m)],
      }
    case 'imported':
      return { type: kind, principal: 'ann', tokens: consent(world, n, m) }
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
