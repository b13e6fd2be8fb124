import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packages, readManifest, root, type Package } from '../shipped/packages.ts'
import { run } from './run.ts'
import { typesOf } from './settings.ts'
import { importedBy, runtimeOf, sourcesOf } from './sources.ts'

export const managers = {
  npm: ['npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'],
  pnpm: ['pnpm', 'add', '--ignore-scripts', '--prefer-offline'],
} as const
export type Manager = keyof typeof managers

/** An empty project outside of this repository, in which one of our packages was installed, its peers, and nothing else of ours. */
export const install = async (each: Package, manager: Manager, registry: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `zrecruit-installed-${manager}-`))
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  await writeFile(join(folder, '.npmrc'), `@zrecruit:registry=${registry}\n`)
  const sources = sourcesOf(each)
  for (const [name, type, files] of [['esm', 'module', sources.esm], ['cjs', 'commonjs', sources.cjs], ['web', 'module', sources.web]] as const) {
    await mkdir(join(folder, name))
    await writeFile(join(folder, name, 'package.json'), JSON.stringify({ type }))
    for (const [file, code] of Object.entries(files)) await writeFile(join(folder, name, file), code)
  }
  const others = [typesOf[runtimeOf(each)], ...importedBy({ ...sources.esm, ...sources.cjs }), ...Object.keys(each.manifest.peerDependencies ?? {})].filter((name) => name !== each.manifest.name)
  const [command, ...args] = managers[manager]
  const { code, stdout, stderr } = await run(command, [...args, each.manifest.name, ...new Set(others.map((name) => versioned(name, each)))], folder)
  if (code !== 0) throw new Error(`${manager} could not install ${each.manifest.name}\n${stdout}${stderr}`)
  return folder
}

/** Ours is what the registry has; others come in the version that this repository is tested with, which the machine has at hand. */
const versioned = (name: string, user: Package): string => {
  if (packages.some(({ manifest }) => manifest.name === name)) return name
  for (const { folder } of [user, { folder: root }, ...packages]) {
    const path = join(folder, 'node_modules', name, 'package.json')
    if (existsSync(path)) return `${name}@${readManifest(path).version}`
  }
  throw new Error(`${user.manifest.name} uses ${name} in its README or in test/installed, and nothing here depends on it`)
}
