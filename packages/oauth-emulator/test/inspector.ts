import type { start } from './support.ts'

export type Emulated = Awaited<ReturnType<typeof start>>

export type DataCenter = 'us' | 'eu' | 'in'

export const control = (emulator: Emulated, path = '/', at: DataCenter = 'us') =>
  `${emulator.dataCenters[at].accountsServer}/_emulator${path}`

export const snapshot = async (emulator: Emulated) =>
  await (await fetch(control(emulator, '/snapshot'))).json()

export const pageOf = async (emulator: Emulated) => (await fetch(control(emulator))).text()
