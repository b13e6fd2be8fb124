import type { JournalEntry } from '../src/index.ts'
import type { start } from './support.ts'

export type Emulated = Awaited<ReturnType<typeof start>>

export const journalAt = async (emulator: Emulated, query = '') => {
  const response = await fetch(
    `${emulator.dataCenters.eu.accountsServer}/_emulator/journal${query}`,
  )
  return { status: response.status, body: await response.json() }
}

const calls = (entries: readonly JournalEntry[]) =>
  entries.filter((entry) => entry.event === 'called')

export const lastCall = (emulator: Emulated) => calls(emulator.journal()).at(-1)

export const six = (secret: string) => secret.slice(-6)
