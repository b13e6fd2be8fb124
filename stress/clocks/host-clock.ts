import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from '../experiment.ts'

const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)

/**
 * True if Debian's `faketime` is not installed. If `CI` is set, the result is always false, so that
 * the tests fail instead of being skipped.
 */
export const faketimeIsMissing = (): boolean => !process.env['CI'] && library === undefined

/**
 * The wall clock of a process, which `Date`, SQLite and database servers read. It can be set at any
 * time, as by an operator or after a virtual machine was suspended. The monotonic clock is real.
 */
export interface HostClock {
  /** The environment variables of a process with this clock. */
  readonly env: Readonly<Record<string, string>>
  /** A file that contains how many seconds this clock is ahead of the real time. */
  readonly file: string
  /** Sets how many seconds the clock is ahead of the real time; a negative number means behind. */
  set(seconds: number): void
  /** Moves the clock by a number of seconds. */
  jump(seconds: number): void
}

export const hostClock = ({ atEnd }: Pick<TestContext, 'atEnd'>, seconds = 0): HostClock => {
  if (library === undefined) throw new Error('libfaketime is not there: apt-get install faketime')
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-clock-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755) // A server may run as another user.
  const file = join(folder, 'ahead')
  let ahead = seconds
  const set = (to: number) => {
    ahead = to
    writeFileSync(`${file}.new`, `${ahead < 0 ? '' : '+'}${ahead}\n`, { mode: 0o644 })
    renameSync(`${file}.new`, file)
  }
  set(seconds)
  return {
    file,
    set,
    jump: (by) => set(ahead + by),
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  }
}
