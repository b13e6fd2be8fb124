import { posix } from 'node:path'

/**
 * The imports that each module of core is allowed, and the reason (ARCHITECTURE.md, "Modules"). A
 * module that is not listed is refused.
 */
interface Module {
  imports: readonly string[]
  /** Modules from which only types may be imported. */
  types?: readonly string[]
  packages?: readonly string[]
  why: string
}

const pure = 'so that every case can be tested without a clock, a network or a store'
const storeWhy = 'a store keeps sealed records and compares revisions; it does not know its callers'

const modules: Readonly<Record<string, Module>> = {
  internal: {
    imports: [],
    types: ['config'],
    why: 'internal is imported by all, so it imports none',
  },
  errors: { imports: [], why: 'errors is imported by all modules, so it imports none' },
  domain: {
    imports: ['internal', 'errors'],
    why: `domain has only the data types and their checks, ${pure}`,
  },
  machine: {
    imports: ['internal', 'errors', 'domain'],
    why: `machine decides and has no effects, ${pure}`,
  },
  store: {
    imports: ['internal', 'errors', 'domain', 'machine'],
    types: ['config'],
    why: 'store reads, seals and writes records; it does not know the operations',
  },
  'store/sqlite': {
    imports: ['internal', 'errors', 'domain', 'store'],
    packages: ['node:'],
    why: storeWhy,
  },
  endpoints: {
    imports: ['internal', 'errors', 'domain'],
    types: ['config'],
    why: 'endpoints call Zoho; the modules above them decide what follows from a response',
  },
  config: {
    imports: ['internal', 'errors', 'domain', 'store'],
    types: ['machine', 'endpoints'],
    why: 'config checks the options and knows no connection',
  },
  client: {
    imports: ['internal', 'errors', 'domain', 'machine', 'store', 'endpoints', 'config'],
    why: 'client has the operations for every host: it knows no routes and no framework',
  },
  routes: {
    imports: ['internal', 'errors', 'domain', 'config', 'client'],
    why: 'routes translate requests to operations of client; all other modules are behind client',
  },
  node: {
    imports: ['internal', 'errors', 'domain', 'config', 'client', 'routes'],
    packages: ['node:'],
    why: 'node translates between IncomingMessage and Request, no more',
  },
}

/**
 * The files in `src` itself, `index.ts` first. Every runtime must be able to load what they import.
 */
const entryPoint: Module = {
  imports: Object.keys(modules).filter((name) => !['node', 'store/sqlite'].includes(name)),
  why: 'the main entry point loads in every runtime; node and store/sqlite have their own',
}

/** The imports from outside that the sources of the other packages are allowed. */
const packages: Readonly<
  Record<string, { only?: readonly string[]; never?: readonly string[]; why: string }>
> = {
  'oauth-store-durable-object': {
    only: ['@zrecruit/oauth-core'],
    why: 'a store knows the contract of core; the app injects the APIs of Cloudflare',
  },
  'oauth-store-redis': {
    only: ['@zrecruit/oauth-core', 'node:'],
    why: 'a store knows the contract of core; the app injects the Redis client',
  },
  'oauth-store-postgres': {
    only: ['@zrecruit/oauth-core'],
    why: 'a store knows the contract of core; the app injects the driver',
  },
  'oauth-hono': {
    only: ['@zrecruit/oauth-core', 'hono'],
    why: 'an adapter is thin: it knows core by its entry points, and its framework',
  },
  'oauth-koa': {
    only: ['@zrecruit/oauth-core', 'koa'],
    why: 'an adapter is thin: it knows core by its entry points, and the types of its framework',
  },
  'oauth-nestjs': {
    only: ['@zrecruit/oauth-core', '@nestjs/common', '@nestjs/core', 'node:'],
    why:
      'an adapter is thin: it knows core by its entry points, and its framework; the app chooses ' +
      'the platform below Nest',
  },
  'oauth-conformance': {
    only: ['@zrecruit/oauth-core', '@zrecruit/oauth-emulator', 'node:'],
    why:
      'the cases use HTTP to any app, and call any store: they know core’s entry points and ' +
      'the emulator, but no framework and no database',
  },
  'oauth-emulator': {
    never: ['@zrecruit/'],
    why: 'the emulator shares no code with the client, so that each finds mistakes of the other',
  },
}

interface Import {
  /** Path of the importing file from the repository's root, with `/`. */
  file: string
  source: string
  typeOnly: boolean
}

/** Returns why this import is not allowed, or `undefined`. */
export function importProblem(imported: Import): string | undefined {
  const packageFolder =
    /^(packages\/[^/]+|examples\/(?:recipes|shared-ui)|examples\/[^/]+\/[^/]+)\//.exec(
      imported.file,
    )?.[1]
  if (packageFolder === undefined) return undefined
  if (!imported.source.startsWith('.')) return packageProblem(imported)
  const target = posix.join(posix.dirname(imported.file), imported.source)
  if (!target.startsWith(`${packageFolder}/`) && !imported.file.endsWith('.config.ts'))
    return (
      `'${imported.source}' is outside of ${packageFolder}: import other packages by their name, ` +
      'as a user would'
    )
  const core = 'packages/oauth-core/src/'
  return imported.file.startsWith(core) && target.startsWith(core)
    ? moduleProblem(imported, imported.file.slice(core.length), target.slice(core.length))
    : undefined
}

function moduleProblem({ source, typeOnly }: Import, from: string, to: string): string | undefined {
  const here = moduleOf(from)
  const there = moduleOf(to)
  if (here === there) return undefined
  if (there === undefined) return `'${source}': no module imports an entry point`
  const module = here === undefined ? entryPoint : modules[here]
  const name = here ?? 'the entry point'
  if (module === undefined)
    return `the module ${name} is not in the table of modules (scripts/lint/modules.ts)`
  const allowsOnlyTypes = module.types?.includes(there) === true
  if (!module.imports.includes(there) && !allowsOnlyTypes)
    return `${name} may not import ${there}: ${module.why}`
  if (allowsOnlyTypes && !typeOnly)
    return `${name} may import only types of ${there} (import type): ${module.why}`
  return undefined
}

function packageProblem({ file, source }: Import): string | undefined {
  const [, name, rest] = /^packages\/([^/]+)\/src\/(.+)$/.exec(file) ?? []
  if (name === undefined || rest === undefined) return undefined
  if (name === 'oauth-core') {
    const here = moduleOf(rest)
    const module = here === undefined ? entryPoint : modules[here]
    if (module?.packages?.some((allowed) => isWithin(source, allowed))) return undefined
    if (isWithin(source, 'node:'))
      return (
        `'${source}': only the modules node and store/sqlite may import node:, the others run on ` +
        'any web-standard runtime'
      )
    return (
      `'${source}': core has no dependencies; stores and adapters use the app's own driver or ` +
      'framework'
    )
  }
  const rule = packages[name]
  if (rule === undefined) return undefined
  const isForbidden =
    rule.never?.some((banned) => isWithin(source, banned)) === true ||
    (rule.only !== undefined && !rule.only.some((allowed) => isWithin(source, allowed)))
  return isForbidden ? `${name} may not import '${source}': ${rule.why}` : undefined
}

/** The module of a file below `src`; `undefined` for an entry point. */
const moduleOf = (path: string): string | undefined => {
  if (path.startsWith('store/sqlite/')) return 'store/sqlite'
  return path.includes('/') ? path.split('/')[0] : undefined
}

const isWithin = (source: string, allowed: string): boolean =>
  /[:/]$/.test(allowed)
    ? source.startsWith(allowed)
    : source === allowed || source.startsWith(`${allowed}/`)
