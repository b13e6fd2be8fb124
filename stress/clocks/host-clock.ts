import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from '../experiment.ts'

const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync)

/** Debian's `faketime` is not here. Where `CI` is set it has to be, and tests that want it fail. */
export const faketimeIsMissing = (): boolean => !process.env['CI'] && library === undefined

/**
 * The wall clock of a process: what `Date`, SQLite in it, or a database server takes for the time
 * of day. It can be set at any moment, as an operator or a virtual machine that was suspended does.
 * The monotonic clock goes on as it is.
 */
export interface HostClock {
  /** For the process that is to have this clock. */
  readonly env: Readonly<Record<string, string>>
  /** Holds by how many seconds it is ahead. */
  readonly file: string
  /** So many seconds ahead of the real time from now on; behind it, below zero. */
  set(seconds: number): void
  /** So many seconds further ahead than it was. */
  turn(seconds: number): void
}

export const hostClock = ({ atEnd }: Pick<TestContext, 'atEnd'>, seconds = 0): HostClock => {
  if (library === undefined) throw new Error('libfaketime is not there: apt-get install faketime')
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-clock-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755) // A server may run as somebody else.
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
    turn: (by) => set(ahead + by),
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
  }
}
