import type { AdapterCase } from './adapter-case.ts'
import { adapterCases } from './cases/index.ts'
import { withTestContext } from './harness/test-context.ts'
import type { AdapterHarness } from './adapter-harness.ts'

/** The runner: vitest, Jest, `node:test`, `bun:test` or Deno's `@std/testing/bdd`. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown
  it(title: string, body: () => Promise<void>): unknown
}

/** Defines all cases as tests of the given runner. */
export const describeAdapter = (harness: AdapterHarness, { describe, it }: TestRunner): void => {
  describe(`conformance: ${harness.name}`, () => {
    for (const testCase of adapterCases)
      it(`${testCase.id}: ${testCase.title}`, () => runAdapterCase(harness, testCase))
  })
}

/**
 * Runs one case.
 *
 * @throws {AssertionError} for a violation, or the error of the adapter
 */
export const runAdapterCase = (harness: AdapterHarness, { run }: AdapterCase): Promise<void> =>
  withTestContext(harness, run)

/** Runs all cases sequentially, without a test runner. */
export const runAdapterCases = async (
  harness: AdapterHarness,
): Promise<{ readonly id: string; readonly error?: unknown }[]> => {
  const results = []
  for (const testCase of adapterCases) {
    results.push(
      await runAdapterCase(harness, testCase).then(
        () => ({ id: testCase.id }),
        (error: unknown) => ({ id: testCase.id, error }),
      ),
    )
  }
  return results
}
