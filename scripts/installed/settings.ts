/** What a README's lines are written for. */
export type Runtime = 'node' | 'workerd'
export const typesOf: Record<Runtime, string> = {
  node: '@types/node',
  workerd: '@cloudflare/workers-types',
}

/** Settings that users compile with. */
interface Settings {
  /** Which TypeScript looks: 5 reads the project that npm installed, 7 the one of pnpm. */
  readonly compiler: 5 | 7
  /**
   * In the installed project: `esm` and `cjs` have the program, `web` imports whatever needs no
   * Node.
   */
  readonly folders: readonly string[]
  /** As in a tsconfig.json. */
  readonly options: Readonly<Record<string, unknown>>
  /** What is emitted is what is run. */
  readonly emit?: true
}

const stricter = {
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
}

/** Knows no `exports`; deprecated in TypeScript 6, gone in 7. */
export const refused = 'TypeScript 5.9, node10'

export const settingsFor = (runtime: Runtime): Readonly<Record<string, Settings>> => {
  // Without the DOM's types: `Request` and `Response` are those of the runtime.
  const common = {
    target: 'es2023',
    strict: true,
    skipLibCheck: false,
    esModuleInterop: true,
    experimentalDecorators: true,
    lib: ['es2023'],
    types: [typesOf[runtime]],
  }
  const withDom = runtime === 'node' ? { lib: ['es2023', 'dom', 'dom.iterable'] } : {}
  const bundler = {
    ...common,
    ...stricter,
    ...withDom,
    module: 'esnext',
    moduleResolution: 'bundler',
    verbatimModuleSyntax: true,
  }
  return {
    'TypeScript 5.9, node16': {
      compiler: 5,
      folders: ['esm', 'cjs'],
      options: { ...common, module: 'node16' },
      emit: true,
    },
    'TypeScript 5.9, bundler': { compiler: 5, folders: ['esm'], options: bundler },
    [refused]: {
      compiler: 5,
      folders: ['cjs'],
      options: { ...common, module: 'commonjs', moduleResolution: 'node10' },
    },
    'TypeScript 7, nodenext': {
      compiler: 7,
      folders: ['esm', 'cjs'],
      options: { ...common, ...stricter, module: 'nodenext' },
    },
    'TypeScript 7, bundler': { compiler: 7, folders: ['esm'], options: bundler },
    // A browser's project, or one that knows of its runtime nothing but the standards.
    'TypeScript 7, bundler, DOM alone': {
      compiler: 7,
      folders: ['web'],
      options: { ...bundler, lib: ['es2023', 'dom', 'dom.iterable'], types: [] },
    },
  }
}
