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

/** The transition of each event. The compiler reports an event that is not in this table. */
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
 * After a conflict, the writer reads the record again and applies its event again. Only this
 * function decides what the event means for the new record.
 */
export const transition = (
  record: ConnectionRecord,
  event: ConnectionEvent,
  now: EpochMs,
): Transition => transitions[event.type](record, event as never, now)
