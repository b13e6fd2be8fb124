import { describe, expect, test } from 'vitest'
import type { ConnectionEvent } from '../../src/machine/events.ts'
import { minute } from './fixtures.ts'
import { jumpingMoves, steadyMoves } from './moves.ts'
import { forAllHistories } from './simulation.ts'

/** The allowed changes of a status, with their events. */
const allowedChanges: Record<string, readonly ConnectionEvent['type'][]> = {
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
const eventsAboutTokens: readonly string[] = [
  ...outcomes,
  'identified',
  'scopesGranted',
  'revocationCheckStarted',
  'revocationConfirmed',
  'revocationFailed',
]
const tokenRemovingEvents: readonly string[] = [
  'granted',
  'imported',
  'forgotten',
  'revocationConfirmed',
]

describe('in any order of events, under a clock that jumps', () => {
  test('a status changes only by the allowed events', () => {
    const seen = new Set<string>()
    forAllHistories(
      jumpingMoves,
      ({ history }) => {
        for (const { before, event, after } of history) {
          if (after.status === before.status) continue
          seen.add(`${before.status} ${after.status}`)
          expect(allowedChanges[`${before.status} ${after.status}`]).toContain(event.type)
        }
      },
      3_000,
    )
    expect([...seen].toSorted()).toEqual(Object.keys(allowedChanges).toSorted())
  })

  test('only an active record serves a token or gives a lease', () => {
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { after, effects } of history) {
        if (after.status === 'active') continue
        expect(effects.some(({ type }) => type === 'serve' || type === 'refresh')).toBe(false)
      }
    })
  })

  test('only a grant, rotation, confirmed revocation or forgetting removes a refresh token', () => {
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after } of history) {
        if (
          !before.tokens ||
          tokenRemovingEvents.includes(event.type) ||
          (event.type === 'refreshed' && event.rotated)
        )
          continue
        expect(after.tokens?.refreshTokenId).toBe(before.tokens.refreshTokenId)
        expect(after.tokens?.refreshToken.reveal()).toBe(before.tokens.refreshToken.reveal())
      }
    })
  })

  test('G14: only a confirmed revocation or forgetting removes an abandoned refresh token', () => {
    let seen = 0
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after } of history) {
        for (const { refreshTokenId } of before.abandoned ?? []) {
          const isRemoved = !after.abandoned?.some((one) => one.refreshTokenId === refreshTokenId)
          const isConfirmed =
            event.type === 'revocationConfirmed' && event.refreshTokenId === refreshTokenId
          expect(isRemoved).toBe(isConfirmed || event.type === 'forgotten')
          seen += 1
        }
      }
    })
    expect(seen).toBeGreaterThan(100)
  })

  test('an event about another refresh token changes nothing', () => {
    let eventCount = 0
    forAllHistories(jumpingMoves, ({ history }) => {
      for (const { before, event, after } of history) {
        if (!eventsAboutTokens.includes(event.type) || !('refreshTokenId' in event)) continue
        const knownIds = [before.tokens, ...(before.abandoned ?? [])].map(
          (one) => one?.refreshTokenId,
        )
        if (knownIds.includes(event.refreshTokenId)) continue
        expect(after).toBe(before)
        eventCount++
      }
    })
    expect(eventCount).toBeGreaterThan(1_000)
  })

  test('a grant that is repeated within thirty minutes is not stored again', () => {
    let withoutEffect = 0
    forAllHistories(
      steadyMoves,
      ({ history }) => {
        const stored = new Map<ConnectionEvent, number>()
        for (const { before, event, after, now } of history) {
          if (event.type !== 'granted' || !event.stateHash) continue
          const at = stored.get(event)
          if (at !== undefined && now - at < 30 * minute) {
            expect(after).toBe(before)
            withoutEffect += Number(after.tokens?.refreshTokenId !== event.tokens.refreshTokenId)
          }
          const attempt = after.attempts.find(
            ({ stateHash, outcome }) => stateHash === event.stateHash && outcome === 'granted',
          )
          if (attempt && !stored.has(event)) stored.set(event, attempt.at)
        }
      },
      3_000,
    )
    expect(withoutEffect).toBeGreaterThan(20)
  })
})
