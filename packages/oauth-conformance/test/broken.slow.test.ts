import { describe, expect, it } from 'vitest'
import { adapterCases, runAdapterCase } from '../src/index.ts'
import { callbacks } from './broken/narrow-callbacks.ts'
import { connecting, lifeCycle } from './broken/narrow.ts'
import {
  addresses,
  otherRoutes,
  bytes,
  disconnecting,
  guard,
  wholeApp,
} from './broken/narrow-routes.ts'
import { starting } from './broken/narrow-starts.ts'
import { options } from './broken/options.ts'
import { identity } from './broken/narrow-identity.ts'
import { realistic } from './broken/realistic.ts'
import type { Breakage } from './broken/seams.ts'
import { correctParts, reference } from './reference.ts'

/** The ids of the cases that fail for a broken adapter, in the order of the cases. */
const findFailures = async (breakages: readonly Breakage[]): Promise<string[]> => {
  const failed = new Set<string>()
  const waiting = [...adapterCases]
  const work = async () => {
    for (let testCase = waiting.shift(); testCase; testCase = waiting.shift()) {
      // A breakage can have state, so each case creates its own.
      const harness = reference(
        'broken',
        breakages.reduce((parts, breaks) => breaks(parts), correctParts),
      )
      await runAdapterCase(harness, testCase).catch(() => failed.add(testCase.id))
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return adapterCases.map(({ id }) => id).filter((id) => failed.has(id))
}

const narrow = Object.entries({
  ...lifeCycle,
  ...connecting,
  ...starting,
  ...callbacks,
  ...identity,
  ...guard,
  ...wholeApp,
  ...disconnecting,
  ...addresses,
  ...otherRoutes,
  ...bytes,
  ...options,
})

it('every case has a broken adapter that it detects', () => {
  expect(narrow.map(([id]) => id).toSorted()).toEqual(adapterCases.map(({ id }) => id).toSorted())
})

// Test several breakages at once, because one at a time would take minutes. A breakage may also
// fail the case of another one. The two groupings put such a pair into different groups at least
// once.
const groupCount = 4
const neighbourGroup = (index: number) => Math.floor((index * groupCount) / narrow.length)
const groupBy = (groupIndex: (index: number) => number) =>
  Array.from({ length: groupCount }, (_, group) =>
    narrow.filter((__, index) => groupIndex(index) === group),
  )

describe.each([
  ['by neighbours', groupBy(neighbourGroup)],
  ['by remainder', groupBy((index) => index % groupCount)],
])('adapters broken for several cases fail only these cases, grouped %s', (_, all) => {
  it.each(all.map((group) => [group.map(([id]) => id).join(', '), group] as const))(
    '%s',
    async (__, group) => {
      const expected = adapterCases
        .map(({ id }) => id)
        .filter((id) => group.some(([caseId]) => caseId === id))
      expect(await findFailures(group.map(([, breakage]) => breakage))).toEqual(expected)
    },
    60_000,
  )
})

describe('adapters with realistic defects fail the expected cases', () => {
  it.each(realistic)(
    '$name',
    async ({ breakage, fails }) => {
      expect(await findFailures([breakage])).toEqual(fails)
    },
    60_000,
  )
})
