import type { TestRunner } from '../run.ts'
import type { StoreCase } from './case.ts'
import { storeCases } from './cases/index.ts'
import type { OtherProcess, StoreHarness } from './store-harness.ts'

/** All cases as tests of your runner. None can be left out. */
export const describeStore = (subject: StoreHarness, { describe, it }: TestRunner): void => {
  describe(`conformance: ${subject.name}`, () => {
    for (const one of storeCases) it(`${one.id}: ${one.title}`, () => runStoreCase(subject, one))
  })
}

/**
 * One case. @throws what it found: an `AssertionError` in the words of the case, or what the store
 * threw.
 */
export const runStoreCase = async (subject: StoreHarness, { run }: StoreCase): Promise<void> => {
  const running = await subject.start()
  const open: Promise<OtherProcess>[] = []
  const another = () => {
    const one = running.another()
    open.push(one)
    return one
  }
  try {
    await run({
      store: running.store,
      another,
      others: (count) => Promise.all(Array.from({ length: count }, another)),
      stop: () => running.stop(),
    })
  } finally {
    for (const one of await Promise.allSettled(open))
      if (one.status === 'fulfilled') await one.value.kill()
    await running.stop()
  }
}

/** All cases without a runner, one after another. */
export const runStoreCases = async (
  subject: StoreHarness,
): Promise<{ readonly id: string; readonly error?: unknown }[]> => {
  const results = []
  for (const one of storeCases) {
    results.push(
      await runStoreCase(subject, one).then(
        () => ({ id: one.id }),
        (error: unknown) => ({ id: one.id, error }),
      ),
    )
  }
  return results
}
