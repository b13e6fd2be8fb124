import type { Called, JournalEvent, JournalEntry } from './entry.ts'

/** The number of entries that are kept. Older ones are dropped. */
const journalLimit = 500

/** The recent events, oldest first. */
export interface Journal {
  /** Adds an entry and returns its number. */
  add(event: JournalEvent): number
  /** Adds the outcome of a request to its entry, unless the entry was dropped meanwhile. */
  complete(
    sequence: number,
    outcome: Partial<Pick<Called, 'grantType' | 'status' | 'response' | 'fault'>>,
  ): void
  /** The entries with a number above `sequence`. */
  after(sequence: number): JournalEntry[]
  clear(): void
}

export function createJournal(): Journal {
  let entries: JournalEntry[] = []
  let lastSequence = 0
  return {
    add(event) {
      lastSequence += 1
      entries.push({ sequence: lastSequence, ...event })
      if (entries.length > journalLimit) entries.shift()
      return lastSequence
    },
    complete(sequence, outcome) {
      entries = entries.map((entry) =>
        entry.sequence === sequence && entry.event === 'called' ? { ...entry, ...outcome } : entry,
      )
    },
    after: (sequence) => entries.filter((entry) => entry.sequence > sequence),
    clear() {
      entries = []
    },
  }
}

/** The last six characters of a token, which identify it without revealing it. */
export function lastSix(token: string): string {
  return token.slice(-6)
}
