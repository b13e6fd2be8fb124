import type { AdapterCase } from './adapter-case.ts'
import { adapterCases } from './cases/index.ts'
import { withTestContext } from './harness/test-context.ts'
import type { AdapterHarness } from './adapter-harness.ts'

/** Of vitest, Jest, `node:test`, `bun:test` or Deno's `@std/testing/bdd`. */
export interface TestRunner {
  describe(title: string, body: () => void): unknown
  it(title: string, body: () => Promise<void>): unknown
}

/** All cases as tests of your runner. None can be left out. */
export const describeAdapter = (subject: AdapterHarness, { describe, it }: TestRunner): void => {
  describe(`conformance: ${subject.name}`, () => {
    for (const one of adapterCases)
      it(`${one.id}: ${one.title}`, () => runAdapterCase(subject, one))
  })
}

/**
 * One case. @throws what it found: an `AssertionError` in the words of the case, or what the
 * adapter threw.
 */
export const runAdapterCase = (subject: AdapterHarness, { run }: AdapterCase): Promise<void> =>
  withTestContext(subject, run)

/** All cases without a runner, one after another. */
export const runAdapterCases = async (
  subject: AdapterHarness,
): Promise<{ readonly id: string; readonly error?: unknown }[]> => {
  const results = []
  for (const one of adapterCases) {
    results.push(
      await runAdapterCase(subject, one).then(
        () => ({ id: one.id }),
        (error: unknown) => ({ id: one.id, error }),
      ),
    )
  }
  return results
}
