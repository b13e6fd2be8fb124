import type { Called, JournalEvent, JournalEntry } from './entry.ts'

/** How many entries are kept; older ones are forgotten. */
const journalLimit = 500

/** What happened lately, the oldest first. */
export interface Journal {
  /** Answers the number of the entry. */
  add(happening: JournalEvent): number
  /** Completes a call that was added when it came in; nothing, when it was forgotten meanwhile. */
  complete(
    sequence: number,
    outcome: Partial<Pick<Called, 'grantType' | 'status' | 'answer' | 'fault'>>,
  ): void
  /** The entries with a higher number. */
  after(sequence: number): JournalEntry[]
  clear(): void
}

export function createJournal(): Journal {
  let entries: JournalEntry[] = []
  let last = 0
  return {
    add(happening) {
      last += 1
      entries.push({ sequence: last, ...happening })
      if (entries.length > journalLimit) entries.shift()
      return last
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

/** How a token is named where it may be seen: by its last six characters. */
export function lastSix(token: string): string {
  return token.slice(-6)
}
