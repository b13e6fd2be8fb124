import { realpathSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readManifest, type Manifest } from './packages.ts'

/** All direct and indirect dependencies of an installed package, without peer dependencies. */
export const dependenciesOf = (folder: string): Manifest[] => {
  const found = new Map<string, Manifest>()
  const walk = (path: string): void => {
    const { dependencies, optionalDependencies } = readManifest(path)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const next = findPackageJSON(name, pathToFileURL(path))
      if (next === undefined) throw new Error(`${path} depends on ${name}, which is not installed`)
      if (found.has(name)) continue
      found.set(name, readManifest(next))
      walk(realpathSync(next))
    }
  }
  walk(realpathSync(join(folder, 'package.json')))
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name))
}
