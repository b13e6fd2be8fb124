import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dependenciesOf } from './dependencies.ts'
import type { EntryPoint } from './entry-points.ts'
import { packages, shortName, type Package } from './packages.ts'

/** The content of a published package. A review sees each change of it. */
export interface Pins {
  /** The packages that are installed with it, without peer dependencies. */
  readonly dependencies: readonly string[]
  /** The packed files. Hashes in their names are replaced by `*`. */
  readonly files: readonly string[]
  readonly entryPoints: Readonly<Record<string, EntryPoint>>
}

export const pinsOf = (
  from: Package,
  files: readonly string[],
  entryPoints: Pins['entryPoints'],
): Pins => ({
  dependencies: dependenciesOf(from.folder).map(({ name }) => name),
  files: files.map(withoutHash).toSorted(),
  entryPoints,
})

/**
 * `dist/chunk-D6KLK2SQ.js` → `dist/chunk-*.js`. Hashes of declarations have mixed case:
 * `connection-store-D77Kc0ti.d.ts`.
 */
const withoutHash = (file: string): string =>
  file.replace(/-(?=[\w-]*[A-Z\d])[\w-]{8}(?=\.(?:d\.)?c?[jt]s(?:\.map)?$)/, '-*')

const folder = join(import.meta.dirname, 'pins')
const fileOf = (from: Package): string => join(folder, `${shortName(from)}.json`)

export const strayPins = (): string[] => {
  const expected = packages.map(fileOf)
  return globSync('*', { cwd: folder })
    .map((name) => join(folder, name))
    .filter((file) => !expected.includes(file))
}

export const writePins = (from: Package, pins: Pins): void =>
  writeFileSync(fileOf(from), `${JSON.stringify(pins, null, 2)}\n`)

export const readPins = (from: Package): Pins | undefined => {
  const file = fileOf(from)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Pins) : undefined
}

/** One line for each addition (`+`) and each removal (`-`). */
export const differences = (pinned: Pins | undefined, current: Pins): string[] => {
  const before = pinned === undefined ? [] : linesOf(pinned)
  const now = linesOf(current)
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ]
}

const linesOf = ({ dependencies, files, entryPoints }: Pins): string[] => [
  ...dependencies.map((name) => `package ${name}`),
  ...numberDuplicates(files).map((file) => `file ${file}`),
  ...Object.entries(entryPoints).flatMap(([entryPoint, { values, types, needsNode }]) => [
    ...values.map((name) => `value ${name} of '${entryPoint}'`),
    ...types.map((name) => `type ${name} of '${entryPoint}'`),
    ...(needsNode ? [`types of Node in '${entryPoint}'`] : []),
  ]),
]

/** Marks repeated names: chunks whose names differ only in their hashes. */
const numberDuplicates = (files: readonly string[]): string[] =>
  files.map((file, index) => `${file}${' (another)'.repeat(index - files.indexOf(file))}`)
