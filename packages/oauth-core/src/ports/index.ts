export type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  Revision,
  SealedRecord,
} from './connection-store.ts'
export type { MonotonicClock, OnEvent, RecruitOAuthEvent, RandomBytes, WaitUntil } from './host.ts'
