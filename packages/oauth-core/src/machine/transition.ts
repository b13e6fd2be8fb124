import type { ConnectionRecord, EpochMs } from '../domain/index.ts'
import { attemptBegan, attemptFailed, forgotten, granted, identified, imported, scopesGranted } from './consent.ts'
import type { Effect } from './effects.ts'
import type { ConnectionEvent } from './events.ts'
import { accessTokenRejected, leaseLost, refreshBegan, refreshFailed, refreshRefused, refreshThrottled, refreshed } from './refresh.ts'
import { revocationConfirmed, revocationFailed, revokeRequested } from './revocation.ts'

/**
 * The grant, refresh and revocation state machine: what a record becomes by an event, and what is to be done then.
 * Total and pure: every event has an answer in every status, and time is an argument. A record that comes back
 * identical (`===`) needs no write. On a conflict the writer reads again and applies its event again; whether it
 * still counts is decided here and nowhere else.
 */
export const transition = (record: ConnectionRecord, event: ConnectionEvent, now: EpochMs): [ConnectionRecord, readonly Effect[]] => {
  switch (event.type) {
    case 'attemptBegan':
      return attemptBegan(record, event, now)
    case 'granted':
      return granted(record, event, now)
    case 'attemptFailed':
      return attemptFailed(record, event, now)
    case 'refreshBegan':
      return refreshBegan(record, event, now)
    case 'refreshed':
      return refreshed(record, event, now)
    case 'refreshFailed':
      return refreshFailed(record, event, now)
    case 'refreshThrottled':
      return refreshThrottled(record, event, now)
    case 'refreshRefused':
      return refreshRefused(record, event, now)
    case 'leaseLost':
      return leaseLost(record, event)
    case 'accessTokenRejected':
      return accessTokenRejected(record, event, now)
    case 'identified':
      return identified(record, event)
    case 'scopesGranted':
      return scopesGranted(record, event)
    case 'imported':
      return imported(record, event, now)
    case 'resealed':
      return [{ ...record }, []]
    case 'revokeRequested':
      return revokeRequested(record, event, now)
    case 'revocationConfirmed':
      return revocationConfirmed(record, event, now)
    case 'revocationFailed':
      return revocationFailed(record, event, now)
    case 'forgotten':
      return forgotten(record, event, now)
    default:
      return event satisfies never
  }
}
