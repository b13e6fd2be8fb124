import type { ConnectionRecord, EpochMs } from '../domain/index.ts'
import { attemptBegan, attemptFailed } from './attempts.ts'
import { codeGiven, forgotten, granted, identified, imported, scopesGranted } from './consent.ts'
import type { Effect } from './effects.ts'
import type { ConnectionEvent } from './events.ts'
import { grantAbandoned } from './late-grants.ts'
import {
  leaseLost,
  refreshBegan,
  refreshFailed,
  refreshRefused,
  refreshThrottled,
  refreshed,
} from './refresh.ts'
import { resumed } from './resumed.ts'
import {
  revocationCheckBegan,
  revocationConfirmed,
  revocationFailed,
  revokeRequested,
} from './revocation.ts'

type Step = [ConnectionRecord, readonly Effect[]]

/** The answer to each event; the type keeps the table complete. */
const steps: {
  readonly [T in ConnectionEvent['type']]: (
    record: ConnectionRecord,
    event: Extract<ConnectionEvent, { type: T }>,
    now: EpochMs,
  ) => Step
} = {
  attemptBegan,
  granted,
  attemptFailed,
  grantAbandoned,
  codeGiven,
  refreshBegan,
  refreshed,
  refreshFailed,
  refreshThrottled,
  refreshRefused,
  leaseLost,
  identified,
  scopesGranted,
  imported,
  resealed: (record) => [{ ...record }, []],
  resumed,
  revokeRequested,
  revocationCheckBegan,
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
export const transition = (record: ConnectionRecord, event: ConnectionEvent, now: EpochMs): Step =>
  steps[event.type](record, event as never, now)
