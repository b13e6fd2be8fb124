import { describe, expect, it } from 'vitest'
import { runStoreCase, storeCases } from '../src/index.ts'
import { clients, contents, names } from './stores/broken/kept.ts'
import { listings, pages } from './stores/broken/listed.ts'
import { clock, fromSeveralProcesses, killed, stopped } from './stores/broken/processes.ts'
import { brokenStore, type Breakage } from './stores/broken/seams.ts'
import { realistic } from './stores/broken/realistic.ts'
import {
  compareAndSet,
  concurrency,
  listingsOfWrites,
  lostAcknowledgements,
  removal,
} from './stores/broken/written.ts'

/** The ids of the cases that fail for a broken store, in the order of the cases. */
const findFailures = async (breakage?: Breakage): Promise<string[]> => {
  const harness = brokenStore(breakage)
  const failed = await Promise.all(
    storeCases.map((testCase) =>
      runStoreCase(harness, testCase).then(
        () => [],
        () => [testCase.id],
      ),
    ),
  )
  return failed.flat()
}

const narrow: Readonly<Record<string, Breakage>> = {
  ...contents,
  ...names,
  ...compareAndSet,
  ...removal,
  ...concurrency,
  ...fromSeveralProcesses,
  ...killed,
  ...lostAcknowledgements,
  ...clock,
  ...listings,
  ...listingsOfWrites,
  ...pages,
  ...clients,
  ...stopped,
}

/** Defects that additional cases also detect. */
const additionalFailures: Readonly<Record<string, readonly string[]>> = {
  'lost-replacement': ['lost-by-death'],
}

it('M18: every case has a broken store that it detects', () => {
  expect(Object.keys(narrow).toSorted()).toEqual(storeCases.map(({ id }) => id).toSorted())
})

it('the unbroken store passes all cases', async () => {
  expect(await findFailures()).toEqual([])
})

describe.concurrent('a store broken for one case fails only that case', () => {
  it.each(Object.entries(narrow))(
    '%s',
    async (id, breakage) => {
      const expected = [id, ...(additionalFailures[id] ?? [])]
      expect(await findFailures(breakage)).toEqual(
        storeCases.map((testCase) => testCase.id).filter((testCase) => expected.includes(testCase)),
      )
    },
    60_000,
  )
})

describe.concurrent('stores with realistic defects fail the expected cases', () => {
  it.each(realistic)(
    '$name',
    async ({ breakage, fails }) => {
      expect(await findFailures(breakage)).toEqual(fails)
    },
    60_000,
  )
})
