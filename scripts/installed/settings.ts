/** The runtime for which a README's code is written. */
export type Runtime = 'node' | 'workerd'
export const typesOf: Record<Runtime, string> = {
  node: '@types/node',
  workerd: '@cloudflare/workers-types',
}

/** Compiler settings of a user's project. */
interface Settings {
  /** The version of TypeScript: 5 compiles the project of npm, 7 the one of pnpm. */
  readonly compiler: 5 | 7
  /**
   * Folders of the installed project: `esm` and `cjs` have the program, `web` imports the entry
   * points that do not need Node.
   */
  readonly folders: readonly string[]
  /** `compilerOptions` of a tsconfig.json. */
  readonly options: Readonly<Record<string, unknown>>
  /** The tests run the emitted files. */
  readonly emit?: true
}

const stricter = {
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
}

export const settingsFor = (runtime: Runtime): Readonly<Record<string, Settings>> => {
  // Without the types of the DOM: `Request` and `Response` come from the runtime.
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
    // The settings of older NestJS starters. TypeScript deprecated `node10` in 6, and removed it in
    // 7. It ignores `exports`, and reads `types` and `typesVersions`.
    'TypeScript 5.9, node10': {
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
    // A project for browsers, or one that has only the types of web standards.
    'TypeScript 7, bundler, DOM only': {
      compiler: 7,
      folders: ['web'],
      options: { ...bundler, lib: ['es2023', 'dom', 'dom.iterable'], types: [] },
    },
  }
}
