import { describe, expect, it } from 'vitest'
import { runStoreCase, storeCases } from '../src/index.ts'
import { clients, contents, names } from './stores/broken/kept.ts'
import { listings, pages } from './stores/broken/listed.ts'
import { clock, fromSeveralProcesses, killed, stopped } from './stores/broken/processes.ts'
import { brokenStore, type Breakage } from './stores/broken/seams.ts'
import { realistic } from './stores/broken/realistic.ts'
import { atOnce, compareAndSet, listingsOfWrites, lost, removal } from './stores/broken/written.ts'

/** The cases that a store fails that is broken in this way, in the order of the cases. */
const failedBy = async (breakage?: Breakage): Promise<string[]> => {
  const subject = brokenStore(breakage)
  const failed = await Promise.all(
    storeCases.map((one) =>
      runStoreCase(subject, one).then(
        () => [],
        () => [one.id],
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
  ...atOnce,
  ...fromSeveralProcesses,
  ...killed,
  ...lost,
  ...clock,
  ...listings,
  ...listingsOfWrites,
  ...pages,
  ...clients,
  ...stopped,
}

/** What cannot be wrong for one case alone. */
const seenByMore: Readonly<Record<string, readonly string[]>> = {
  'lost-replacement': ['lost-by-death'],
}

it('M18: every case has a store that is broken for it', () => {
  expect(Object.keys(narrow).toSorted()).toEqual(storeCases.map(({ id }) => id).toSorted())
})

it('passes whole', async () => {
  expect(await failedBy()).toEqual([])
})

describe.concurrent('stores broken for single cases fail these alone', () => {
  it.each(Object.entries(narrow))(
    '%s',
    async (id, breakage) => {
      const expected = [id, ...(seenByMore[id] ?? [])]
      expect(await failedBy(breakage)).toEqual(
        storeCases.map((one) => one.id).filter((one) => expected.includes(one)),
      )
    },
    60_000,
  )
})

describe.concurrent('stores broken as stores are', () => {
  it.each(realistic)(
    '$name',
    async ({ breakage, fails }) => {
      expect(await failedBy(breakage)).toEqual(fails)
    },
    60_000,
  )
})
