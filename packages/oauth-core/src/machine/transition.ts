import type { ConnectionRecord } from '../domain/record.ts'
import type { EpochMs } from '../domain/time.ts'
import { exchangeStarted, attemptFailed } from './attempts.ts'
import { forgotten, granted, identified, imported, scopesGranted } from './consent.ts'
import { transitionTo, type Transition } from './decision.ts'
import type { ConnectionEvent, EventOf } from './events.ts'
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

/** The transition of each event. The type keeps the table complete. */
const transitions: {
  readonly [T in ConnectionEvent['type']]: (
    record: ConnectionRecord,
    event: EventOf<T>,
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
 * The state machine for grants, refreshes and revocations: returns the next record, and the
 * decision to carry out once the record is stored. It is total (each event has a transition in each
 * status) and pure (time is an argument). An identical record (`===`) does not have to be written.
 * On a conflict the writer reads again and applies its event again; only this function decides what
 * the event still means.
 */
export const transition = (
  record: ConnectionRecord,
  event: ConnectionEvent,
  now: EpochMs,
): Transition => transitions[event.type](record, event as never, now)
