import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { broughtBy } from './brings.ts'
import type { Door } from './doors.ts'
import { packages, shortName, type Package } from './packages.ts'

/** What is shipped, as a reviewer sees it change. */
export interface Pins {
  /** The packages that are installed with it, peers aside. */
  readonly brings: readonly string[]
  /** The packed files; hashes in names are written as `*`. */
  readonly files: readonly string[]
  readonly doors: Readonly<Record<string, Door>>
}

export const pinsOf = (from: Package, files: readonly string[], doors: Pins['doors']): Pins => ({
  brings: broughtBy(from.folder).map(({ name }) => name),
  files: files.map(withoutHash).toSorted(),
  doors,
})

/**
 * `dist/chunk-D6KLK2SQ.js` → `dist/chunk-*.js`; declarations have hashes of mixed case:
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

/** One line for each thing that is shipped and not pinned, or pinned and not shipped. */
export const differences = (pinned: Pins | undefined, shipped: Pins): string[] => {
  const [before, now] = [pinned === undefined ? [] : linesOf(pinned), linesOf(shipped)]
  return [
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ]
}

const linesOf = ({ brings, files, doors }: Pins): string[] => [
  ...brings.map((name) => `package ${name}`),
  ...countSame(files).map((file) => `file ${file}`),
  ...Object.entries(doors).flatMap(([door, { values, types, needsNode }]) => [
    ...values.map((name) => `value ${name} of '${door}'`),
    ...types.map((name) => `type ${name} of '${door}'`),
    ...(needsNode ? [`types of Node in '${door}'`] : []),
  ]),
]

/** Chunks that differ in their hashes alone are told apart by their number. */
const countSame = (files: readonly string[]): string[] =>
  files.map((file, index) => `${file}${' (another)'.repeat(index - files.indexOf(file))}`)
