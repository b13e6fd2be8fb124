import { defineConfig } from 'tsup'

/**
 * One build recipe for all packages: `build({ index: 'src/index.ts' })`. ESM and CommonJS, each
 * with its declarations.
 */
export const build = (entry: Record<string, string>) =>
  defineConfig(
    (['esm', 'cjs'] as const).map((format) => ({
      entry,
      format: [format],
      dts: true,
      target: 'es2023',
      platform: 'neutral' as const,
      external: [/^node:/],
      // Deno and workerd know the modules of Node only with this prefix.
      removeNodeProtocol: false,
      splitting: true,
      sourcemap: true,
      treeshake: false,
      outExtension: () =>
        format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.js', dts: '.d.ts' },
    })),
  )
