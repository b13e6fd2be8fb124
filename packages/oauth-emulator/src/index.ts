/** Zoho's accounts servers and a part of the Recruit API, on this machine. */
export { createEmulator, type Emulator } from './emulator.ts'
export type { EmulatorOptions } from './options.ts'
export type { Budget, Settings } from './settings/settings.ts'
export type { Fault, FaultKind, FaultPlace, ListedFault } from './faults/fault.ts'
export type {
  Account,
  Controls,
  EndedTokens,
  ListedToken,
  ListedTokens,
  ListedUser,
  SelfClientCodeRequest,
} from './control/controls.ts'
export type { Environment } from './environment.ts'
export type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
export type { Calls } from './ledger/ledger.ts'
export type {
  Blocked,
  BudgetName,
  Called,
  Evicted,
  JournalEvent,
  Issued,
  JournalEntry,
  NamedToken,
  Revoked,
} from './journal/entry.ts'
export type { NewUser } from './users.ts'
export type { Client } from './client.ts'
export type { EpochMs } from './clock.ts'
export { createBrowser, type Browser, type Page } from './browser.ts'
