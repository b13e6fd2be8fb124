import { describe, expect, test } from 'vitest'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { minute } from './fixtures.ts'
import { jumping, steady } from './moves.ts'
import { forAllHistories } from './world.ts'

/** The only ways from one status to another. */
const ways: Record<string, readonly ConnectionEvent['type'][]> = {
  'none active': ['granted', 'imported'],
  'active needs-consent': ['refreshRefused'],
  'active revoking': ['revokeRequested'],
  'active none': ['forgotten'],
  'needs-consent active': ['granted', 'imported'],
  'needs-consent revoking': ['revokeRequested'],
  'needs-consent none': ['forgotten'],
  'revoking active': ['granted'],
  'revoking revoked': ['revocationConfirmed'],
  'revoking none': ['forgotten'],
  'revoked active': ['granted', 'imported'],
  'revoked none': ['forgotten'],
}

const outcomes: readonly string[] = [
  'refreshed',
  'refreshFailed',
  'refreshThrottled',
  'refreshRefused',
]
const aboutTokens: readonly string[] = [
  ...outcomes,
  'identified',
  'scopesGranted',
  'revocationCheckStarted',
  'revocationConfirmed',
  'revocationFailed',
]
const mayReplace: readonly string[] = ['granted', 'imported', 'forgotten', 'revocationConfirmed']

describe('in any order of events, under a clock that jumps', () => {
  test('a status is left only by the events that may end it', () => {
    const seen = new Set<string>()
    forAllHistories(
      jumping,
      ({ history }) => {
        for (const { before, event, after } of history) {
          if (after.status === before.status) continue
          seen.add(`${before.status} ${after.status}`)
          expect(ways[`${before.status} ${after.status}`]).toContain(event.type)
        }
      },
      3_000,
    )
    expect([...seen].toSorted()).toEqual(Object.keys(ways).toSorted())
  })

  test('only an active record gives a token or a lease', () => {
    forAllHistories(jumping, ({ history }) => {
      for (const { after, effects } of history) {
        if (after.status === 'active') continue
        expect(effects.some(({ type }) => type === 'serve' || type === 'refresh')).toBe(false)
      }
    })
  })

  test('a refresh token is lost by nothing but a new grant, a confirmed revocation or forgetting', () => {
    forAllHistories(jumping, ({ history }) => {
      for (const { before, event, after } of history) {
        if (
          !before.tokens ||
          mayReplace.includes(event.type) ||
          (event.type === 'refreshed' && event.rotated)
        )
          continue
        expect(after.tokens?.refreshTokenId).toBe(before.tokens.refreshTokenId)
        expect(after.tokens?.refreshToken.reveal()).toBe(before.tokens.refreshToken.reveal())
      }
    })
  })

  test('G14: an abandoned refresh token leaves by its confirmed revocation or by forgetting, and by nothing else', () => {
    let seen = 0
    forAllHistories(jumping, ({ history }) => {
      for (const { before, event, after } of history) {
        for (const { refreshTokenId } of before.abandoned ?? []) {
          const left = !after.abandoned?.some((one) => one.refreshTokenId === refreshTokenId)
          const isConfirmed =
            event.type === 'revocationConfirmed' && event.refreshTokenId === refreshTokenId
          expect(left).toBe(isConfirmed || event.type === 'forgotten')
          seen += 1
        }
      }
    })
    expect(seen).toBeGreaterThan(100)
  })

  test('what is told of another refresh token changes nothing', () => {
    let told = 0
    forAllHistories(jumping, ({ history }) => {
      for (const { before, event, after } of history) {
        if (!aboutTokens.includes(event.type) || !('refreshTokenId' in event)) continue
        const known = [before.tokens, ...(before.abandoned ?? [])].map((one) => one?.refreshTokenId)
        if (known.includes(event.refreshTokenId)) continue
        expect(after).toBe(before)
        told++
      }
    })
    expect(told).toBeGreaterThan(1_000)
  })

  test('a grant that is told again within thirty minutes, after whatever came since, is not stored again', () => {
    let again = 0
    forAllHistories(
      steady,
      ({ history }) => {
        const stored = new Map<ConnectionEvent, number>()
        for (const { before, event, after, now } of history) {
          if (event.type !== 'granted' || !event.state) continue
          const at = stored.get(event)
          if (at !== undefined && now - at < 30 * minute) {
            expect(after).toBe(before)
            again += Number(after.tokens?.refreshTokenId !== event.tokens.refreshTokenId)
          }
          const attempt = after.attempts.find(
            ({ state, outcome }) => state === event.state && outcome === 'granted',
          )
          if (attempt && !stored.has(event)) stored.set(event, attempt.at)
        }
      },
      3_000,
    )
    expect(again).toBeGreaterThan(20)
  })
})
