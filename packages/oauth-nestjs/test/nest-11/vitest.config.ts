import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import shared from '../../../../vitest.shared.ts'

const installed = fileURLToPath(new URL('node_modules/', import.meta.url))

/** The tests of the package once more, on the Nest that is installed here. */
export default mergeConfig(shared, {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: {
    alias: [
      { find: /^(@nestjs\/[^/]+|rxjs|reflect-metadata)(?=\/|$)/, replacement: `${installed}$1` },
    ],
  },
  test: {
    name: 'NestJS 11',
    env: { NEST: '11' },
    include: ['test/*.test.ts'],
    // These tests cover both versions already, or run in their own process.
    exclude: ['conformance', 'commonjs-jest', 'source', 'testing'].map(
      (name) => `test/${name}{,.slow}.test.ts`,
    ),
  },
})
