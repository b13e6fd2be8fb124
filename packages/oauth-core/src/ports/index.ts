export type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  Revision,
  SealedRecord,
} from './connection-store.ts'
export type { MonotonicClock, Observer, ObserverEvent, RandomBytes, WaitUntil } from './host.ts'
