import type { TestRunner } from '../run.ts'
import type { StoreCase } from './case.ts'
import { storeCases } from './cases/index.ts'
import type { OtherProcess, StoreHarness } from './store-harness.ts'

/** Defines all cases as tests of the given runner. */
export const describeStore = (harness: StoreHarness, { describe, it }: TestRunner): void => {
  describe(`conformance: ${harness.name}`, () => {
    for (const testCase of storeCases)
      it(`${testCase.id}: ${testCase.title}`, () => runStoreCase(harness, testCase))
  })
}

/**
 * Runs one case.
 *
 * @throws {AssertionError} for a violation, or the error of the store
 */
export const runStoreCase = async (harness: StoreHarness, { run }: StoreCase): Promise<void> => {
  const running = await harness.start()
  const processes: Promise<OtherProcess>[] = []
  const another = () => {
    const other = running.another()
    processes.push(other)
    return other
  }
  try {
    await run({
      store: running.store,
      another,
      others: (count) => Promise.all(Array.from({ length: count }, another)),
      stop: () => running.stop(),
    })
  } finally {
    for (const started of await Promise.allSettled(processes))
      if (started.status === 'fulfilled') await started.value.kill()
    await running.stop()
  }
}

/** Runs all cases sequentially, without a test runner. */
export const runStoreCases = async (
  harness: StoreHarness,
): Promise<{ readonly id: string; readonly error?: unknown }[]> => {
  const results = []
  for (const testCase of storeCases) {
    results.push(
      await runStoreCase(harness, testCase).then(
        () => ({ id: testCase.id }),
        (error: unknown) => ({ id: testCase.id, error }),
      ),
    )
  }
  return results
}
