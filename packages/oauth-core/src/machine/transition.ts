import type { ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { exchangeStarted, attemptFailed } from './attempts.ts'
import { forgotten, granted, identified, imported, scopesGranted } from './consent.ts'
import { transitionTo, type Transition } from './decision.ts'
import type { ConnectionEvent } from './events.ts'
import { grantAbandoned } from './late-grants.ts'
import {
  leaseReleased,
  refreshRequested,
  refreshFailed,
  refreshRefused,
  refreshThrottled,
  refreshed,
} from './refresh.ts'
import { recoveryRequested } from './recovery.ts'
import {
  revocationCheckStarted,
  revocationConfirmed,
  revocationFailed,
  revokeRequested,
} from './revocation.ts'

/** The answer to each event; the type keeps the table complete. */
const steps: {
  readonly [T in ConnectionEvent['type']]: (
    record: ConnectionRecord,
    event: Extract<ConnectionEvent, { type: T }>,
    now: EpochMs,
  ) => Transition
} = {
  exchangeStarted,
  granted,
  attemptFailed,
  grantAbandoned,
  refreshRequested,
  refreshed,
  refreshFailed,
  refreshThrottled,
  refreshRefused,
  leaseReleased,
  identified,
  scopesGranted,
  imported,
  reencryptionRequested: (record) => transitionTo({ ...record }),
  recoveryRequested,
  revokeRequested,
  revocationCheckStarted,
  revocationConfirmed,
  revocationFailed,
  forgotten,
}

/**
 * The grant, refresh and revocation state machine: what a record becomes by an event, and what is
 * to be done then. Total and pure: every event has an answer in every status, and time is an
 * argument. A record that comes back identical (`===`) needs no write. On a conflict the writer
 * reads again and applies its event again; whether it still counts is decided here and nowhere
 * else.
 */
export const transition = (
  record: ConnectionRecord,
  event: ConnectionEvent,
  now: EpochMs,
): Transition => steps[event.type](record, event as never, now)
