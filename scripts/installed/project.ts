import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packages, readManifest, root, type Manifest, type Package } from '../shipped/packages.ts'
import { run } from './run.ts'
import { typesOf } from './settings.ts'
import { importedBy, runtimeOf, sourcesOf } from './sources.ts'

export const managers = {
  npm: ['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
  pnpm: ['pnpm', 'add', '--ignore-scripts', '--prefer-offline'],
} as const
export type Manager = keyof typeof managers

/**
 * Creates a project in an empty folder outside of this repository, and installs one package of this
 * repository there. With npm, its peer dependencies have the versions of this repository; with
 * pnpm, the oldest versions of the peers' ranges.
 */
export const install = async (
  each: Package,
  manager: Manager,
  folder: string,
  registry: string,
): Promise<void> => {
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  await writeFile(join(folder, '.npmrc'), `@zrecruit:registry=${registry}\n`)
  const sources = sourcesOf(each)
  for (const [name, type, files] of [
    ['esm', 'module', sources.esm],
    ['cjs', 'commonjs', sources.cjs],
    ['web', 'module', sources.web],
  ] as const) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'package.json'), JSON.stringify({ type }))
    for (const [file, code] of Object.entries(files))
      await writeFile(join(folder, name, file), code)
  }
  const imported = [...importedBy(sources.esm), ...importedBy(sources.cjs)]
  // For frameworks without their own declarations: the `@types` packages that the tests use.
  const types = Object.keys(each.manifest.devDependencies ?? {}).filter((name) =>
    imported.some((importedName) => name === `@types/${importedName}`),
  )
  const others = [
    typesOf[runtimeOf(each)],
    ...imported,
    ...types,
    ...Object.keys(each.manifest.peerDependencies ?? {}),
  ]
  const [command, ...args] = managers[manager]
  const { code, stdout, stderr } = await run(
    command,
    [
      ...args,
      ...new Set([each.manifest.name, ...others].map((name) => withVersion(name, each, manager))),
    ],
    folder,
  )
  if (code !== 0)
    throw new Error(`${manager} could not install ${each.manifest.name}\n${stdout}${stderr}`)
}

/**
 * A package name with the version to install. This repository's packages have one version, in the
 * local registry. Others have the version that is installed in this repository, or the oldest.
 */
const withVersion = (name: string, user: Package, manager: Manager): string => {
  if (packages.some(({ manifest }) => manifest.name === name)) return name
  const oldest = oldestPeer(name, user.manifest)
  if (manager === 'pnpm' && oldest !== undefined) return `${name}@${oldest}`
  for (const { folder } of [user, { folder: root }, ...packages]) {
    const path = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(path)) return `${name}@${readManifest(path).version}`
  }
  throw new Error(
    `${user.manifest.name} uses ${name} in its README or in test/installed, but nothing here ` +
      'depends on it',
  )
}

/**
 * The first version in a peer's range, such as 2.15.0 in `^2.15.0 || ^3.0.0`. A package with the
 * scope of a peer, such as @nestjs/platform-express, gets that peer's version.
 */
const oldestPeer = (name: string, { peerDependencies = {} }: Manifest): string | undefined => {
  const scope = /^@(?!types\/)[^/]+\//.exec(name)?.[0]
  const range =
    peerDependencies[name] ??
    Object.entries(peerDependencies).find(
      ([peer]) => scope !== undefined && peer.startsWith(scope),
    )?.[1]
  return range === undefined ? undefined : /\d+(\.\d+)*/.exec(range)?.[0]
}
