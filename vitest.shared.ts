import { defineConfig } from 'vitest/config'

// Tests read the sources, never `dist`: the condition picks each package's `src` door, in vite's
// resolver as in Node's, in what a test forks and in the workers it starts.
const source = '@zrecruit/source'

export default defineConfig({
  resolve: { conditions: [source] },
  ssr: { resolve: { conditions: [source], externalConditions: [source] } },
  test: {
    include: ['{src,test}/**/*.test.ts'],
    execArgv: [`--conditions=${source}`],
    testTimeout: 60_000,
    // A condition that is waited for may take long on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    // One for each processor: much of the time a test waits for a server, a lease or a browser.
    maxWorkers: '100%',
  },
})
