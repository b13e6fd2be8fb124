import { findPackageJSON } from 'node:module'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readManifest, root, type Package } from '../shipped/packages.ts'
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
  const { code, stdout, stderr } = await run(command, [...args, each.manifest.name, ...new Set(others.map((name) => versioned(name, name === '@types/node' ? root : each.folder)))], folder)
  if (code !== 0) throw new Error(`${manager} could not install ${each.manifest.name}\n${stdout}${stderr}`)
  return folder
}

/** In the version that this repository is tested with, which the machine has at hand. */
const versioned = (name: string, from: string): string => {
  const path = findPackageJSON(name, pathToFileURL(join(from, 'package.json')))
  if (path === undefined) throw new Error(`${from} uses ${name} in its README or its installed program, and has it not among its devDependencies`)
  return `${name}@${readManifest(path).version}`
}
