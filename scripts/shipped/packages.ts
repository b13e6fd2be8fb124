import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

export const root = join(import.meta.dirname, '../..')

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly main?: string
  readonly types?: string
  readonly typesVersions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** The absolute path. */
  readonly folder: string
  /** From the source tree; `publishConfig` is not applied. */
  readonly manifest: Manifest
}

/** All packages that are published, sorted by name. */
export const packages: readonly Package[] = globSync('packages/*/package.json', { cwd: root })
  .toSorted()
  .map((path) => ({ folder: join(root, dirname(path)), manifest: readManifest(join(root, path)) }))
  .filter(({ manifest }) => manifest.private !== true)

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

/** `@zrecruit/oauth-core` → `oauth-core` */
export const shortName = ({ manifest }: Package): string => manifest.name.replace(/^.*\//, '')

/** The entry points with code: `.`, `./sqlite`. */
export const entryPointsOf = ({ exports }: Manifest): string[] =>
  Object.keys(exports).filter((entryPoint) => typeof exports[entryPoint] !== 'string')

/** The path of an entry point's declarations. */
export const declarationsOf = (
  { folder, manifest }: Package,
  entryPoint: string,
  kind: 'import' | 'require',
): string => {
  const target = manifest.exports[entryPoint]
  const code = typeof target === 'object' ? String(target[kind]) : ''
  return join(folder, code.replace(/\.(c?)js$/, '.d.$1ts'))
}

/** Packs a package from its `dist`, as for publishing. Returns the tarball's path. */
export const pack = async ({ folder }: Package, into: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(
    'pnpm',
    ['pack', '--json', '--pack-destination', into],
    { cwd: folder },
  )
  return (JSON.parse(stdout) as { filename: string }).filename
}

/** The paths in a tarball, without the folder `package`. */
export const filesOf = async (tarball: string): Promise<string[]> => {
  const { stdout } = await promisify(execFile)('tar', ['-tzf', tarball])
  return stdout
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
    .toSorted()
}

export const packedManifest = async (tarball: string): Promise<Manifest> => {
  const { stdout } = await promisify(execFile)('tar', ['-xzOf', tarball, 'package/package.json'])
  return JSON.parse(stdout) as Manifest
}
