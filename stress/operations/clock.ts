import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Milliseconds of a clock that all processes of a run share. It includes skipped time. */
export type Instant = number

/**
 * The kernel's monotonic clock, which all processes of the machine share, plus the time that the
 * driver skipped. The skipped time is in a file, so that it changes for all processes at once.
 */
export interface SharedClock {
  now(): Instant
  skippedMs(): number
}

export const readClock = (file: string): SharedClock => {
  const skippedMs = () => Number(readFileSync(file, 'utf8'))
  return { skippedMs, now: () => Number(process.hrtime.bigint()) / 1e6 + skippedMs() }
}

export const createClock = (file: string): SharedClock & { skip(seconds: number): void } => {
  let skippedMs = 0
  const write = () => {
    writeFileSync(`${file}.new`, `${skippedMs}`)
    renameSync(`${file}.new`, file)
  }
  write()
  return {
    ...readClock(file),
    skip(seconds) {
      skippedMs += seconds * 1_000
      write()
    },
  }
}
