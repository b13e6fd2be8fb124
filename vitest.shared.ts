import { configDefaults, defineConfig } from 'vitest/config'

// Tests read the sources, never `dist`: the condition selects the `src` entry of each package, in
// vite's resolver as in Node's, in forked processes and in workers.
const source = '@zrecruit/source'

/**
 * `pnpm test` sets `fast` and leaves out the files that end in `.slow.test.ts`; `pnpm test:slow`
 * runs only those. Without it all tests run.
 */
export const tier = process.env['TEST_TIER']
const slowTests = '{src,test}/**/*.slow.test.ts'

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source], externalConditions: [source] } },
  test: {
    include: tier === 'slow' ? [slowTests] : ['{src,test}/**/*.test.ts'],
    exclude: tier === 'fast' ? [...configDefaults.exclude, slowTests] : configDefaults.exclude,
    passWithNoTests: true,
    execArgv: [`--conditions=${source}`],
    // A test fails by its assertions. The limits only end what hangs, also on a busy machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // One worker for each processor: tests often wait for a server, a lease or a browser.
    maxWorkers: '100%',
    // The files of a worker share its modules, which takes a quarter off the time of a run. So a
    // test that replaces a global function or clock restores it when it ends.
    isolate: false,
  },
})
