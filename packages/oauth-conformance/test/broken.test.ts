import { describe, expect, it } from 'vitest'
import { adapterCases, runAdapterCase } from '../src/index.ts'
import { callbacks, connecting, lifeCycle } from './broken/narrow.ts'
import {
  addresses,
  beside,
  bytes,
  disconnecting,
  gate,
  options,
  wholeApp,
} from './broken/narrow-beside.ts'
import { identity } from './broken/narrow-identity.ts'
import { realistic } from './broken/realistic.ts'
import type { Breakage } from './broken/seams.ts'
import { reference, whole } from './reference.ts'

/** The cases that an adapter fails that is broken in these ways, in the order of the cases. */
const failedBy = async (breakages: readonly Breakage[]): Promise<string[]> => {
  const failed = new Set<string>()
  const waiting = [...adapterCases]
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      // A breakage may remember things: each case gets its own.
      const subject = reference(
        'broken',
        breakages.reduce((parts, breaks) => breaks(parts), whole),
      )
      await runAdapterCase(subject, one).catch(() => failed.add(one.id))
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return adapterCases.map(({ id }) => id).filter((id) => failed.has(id))
}

const narrow = Object.entries({
  ...lifeCycle,
  ...connecting,
  ...callbacks,
  ...identity,
  ...gate,
  ...wholeApp,
  ...disconnecting,
  ...addresses,
  ...beside,
  ...bytes,
  ...options,
})

it('every case has an adapter that is broken for it', () => {
  expect(narrow.map(([id]) => id).toSorted()).toEqual(adapterCases.map(({ id }) => id).toSorted())
})

// Several breakages at once, because one at a time would take minutes, and in two groupings: where
// each group of both fails its own cases and no other, a breakage that failed another's case in
// place of its own would have to be in one group with it twice.
const groups = 4
const rowOf = (index: number) => Math.floor((index * groups) / narrow.length)
const groupedBy = (groupOf: (index: number) => number) =>
  Array.from({ length: groups }, (_, group) =>
    narrow.filter((__, index) => groupOf(index) === group),
  )

describe.each([
  ['side by side', groupedBy(rowOf)],
  ['dealt out', groupedBy((index) => index % groups)],
])('adapters broken for single cases fail these alone, %s', (_, all) => {
  it.each(all.map((group) => [group.map(([id]) => id).join(', '), group] as const))(
    '%s',
    async (__, group) => {
      const expected = adapterCases
        .map(({ id }) => id)
        .filter((id) => group.some(([one]) => one === id))
      expect(await failedBy(group.map(([, breakage]) => breakage))).toEqual(expected)
    },
    60_000,
  )
})

describe('adapters broken as adapters are', () => {
  it.each(realistic)(
    '$name',
    async ({ breakage, fails }) => {
      expect(await failedBy([breakage])).toEqual(fails)
    },
    60_000,
  )
})
