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
 * Makes an empty folder outside of this repository a project, in which one of our packages was
 * installed and nothing else of ours. Its peers are those that this repository is tested with; by
 * pnpm the oldest that it says it works with.
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
  // Of a framework without declarations of its own, those that the package is tested with.
  const types = Object.keys(each.manifest.devDependencies ?? {}).filter((name) =>
    imported.some((one) => name === `@types/${one}`),
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
      ...new Set([each.manifest.name, ...others].map((name) => versioned(name, each, manager))),
    ],
    folder,
  )
  if (code !== 0)
    throw new Error(`${manager} could not install ${each.manifest.name}\n${stdout}${stderr}`)
}

/**
 * Ours is what the registry has. Others are those of this repository, which the machine has at
 * hand, or the oldest.
 */
const versioned = (name: string, user: Package, manager: Manager): string => {
  if (packages.some(({ manifest }) => manifest.name === name)) return name
  const oldest = oldestPeer(name, user.manifest)
  if (manager === 'pnpm' && oldest !== undefined) return `${name}@${oldest}`
  for (const { folder } of [user, { folder: root }, ...packages]) {
    const path = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(path)) return `${name}@${readManifest(path).version}`
  }
  throw new Error(
    `${user.manifest.name} uses ${name} in its README or in test/installed, and nothing here ` +
      'depends on it',
  )
}

/**
 * The first version in a peer's range: `^2.15.0 || ^3.0.0`. What has a peer's scope goes along with
 * it: @nestjs/platform-express.
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
