/** Zoho's accounts servers and a slice of the Recruit API on your own machine. */
export { createEmulator, type Emulator } from './emulator.ts'
export type { Budget, EmulatorOptions } from './options.ts'
export type { Controls, ListedToken, ListedTokens, SelfClientCodeRequest } from './control/controls.ts'
export type { DataCenterAddresses, DataCenterId } from './data-centers.ts'
export type { Calls } from './ledger/ledger.ts'
export type { Client } from './client.ts'
export type { EpochMs } from './clock.ts'
export { createBrowser, type Browser, type Page } from './browser.ts'
