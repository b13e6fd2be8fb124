import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript-5'
import { declarationsOf, doorsOf, packages, type Package } from './packages.ts'

/** What a door exports. */
export interface Door {
  /** Names that are there at run time. */
  readonly values: readonly string[]
  /** Names that only the compiler knows. */
  readonly types: readonly string[]
  /** Its declarations speak of `node:` modules; other doors compile without `@types/node`. */
  readonly needsNode: boolean
}

type Names = Readonly<Record<string, readonly string[]>>
const kinds = ['import', 'require'] as const
type Kind = (typeof kinds)[number]

/**
 * Loads every door from `dist`, as ESM and as CommonJS, and reads its declarations; says where the
 * two differ.
 */
export const lookThroughDoors = async (
  from: Package,
): Promise<{ doors: Record<string, Door>; complaints: string[] }> => {
  const [imported = {}, required = {}] = await Promise.all(
    kinds.map((kind) => namesAtRunTime(from, kind)),
  )
  const doors: Record<string, Door> = {}
  const complaints: string[] = []
  for (const door of doorsOf(from.manifest)) {
    const values = imported[door] ?? []
    const declared = declaredNames(from, door, 'import')
    doors[door] = {
      values,
      types: declared.filter((name) => !values.includes(name)),
      needsNode: needsNode(from, door),
    }
    if (!same(values, required[door] ?? []))
      complaints.push(
        `'${door}' exports ${list(values)} to import, ${list(required[door] ?? [])} to require`,
      )
    if (!same(declared, declaredNames(from, door, 'require')))
      complaints.push(`'${door}' declares other names to require than to import`)
    const undeclared = values.filter((name) => !declared.includes(name))
    if (undeclared.length > 0)
      complaints.push(`'${door}' exports ${list(undeclared)} without a declaration`)
  }
  return { doors, complaints }
}

/**
 * A package may name itself, so its doors can be tried in its own folder, where its dependencies
 * are.
 */
const namesAtRunTime = async ({ folder, manifest }: Package, kind: Kind): Promise<Names> => {
  const doors = JSON.stringify(
    doorsOf(manifest).map((door) => [door, posix.join(manifest.name, door)]),
  )
  const load = kind === 'import' ? 'await import(name)' : 'require(name)'
  const code =
    `const names = {}; for (const [door, name] of ${doors}) names[door] = ` +
    `Object.keys(${load}).sort(); console.log(JSON.stringify(names))`
  const type = kind === 'import' ? 'module' : 'commonjs'
  const { stdout } = await promisify(execFile)('node', [`--input-type=${type}`, '--eval', code], {
    cwd: folder,
  })
  return JSON.parse(stdout) as Names
}

const declaredNames = (from: Package, door: string, kind: Kind): string[] => {
  const file = declarationsOf(from, door, kind)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  const names = source.statements.flatMap((statement) => {
    const reexported = reexportedPackage(statement)
    return reexported ? declaredNames(reexported, '.', kind) : namesExportedBy(statement, file)
  })
  return [...new Set(names)].toSorted()
}

/** The published package of `export * from '…'`, as the adapters write it of core. */
const reexportedPackage = (statement: ts.Statement): Package | undefined => {
  if (!ts.isExportDeclaration(statement) || statement.exportClause) return undefined
  const { moduleSpecifier } = statement
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return undefined
  return packages.find(({ manifest }) => manifest.name === moduleSpecifier.text)
}

export const needsNode = (from: Package, door: string): boolean =>
  /['"]node:/.test(readFileSync(declarationsOf(from, door, 'import'), 'utf8'))

/**
 * Bundled declarations end with lists of the exported names. Any other form is an error, so that no
 * name is missed.
 */
const namesExportedBy = (statement: ts.Statement, file: string): string[] => {
  if (
    ts.isExportDeclaration(statement) &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
  )
    return statement.exportClause.elements.map(({ name }) => name.text)
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined
  const isExport =
    ts.isExportDeclaration(statement) ||
    ts.isExportAssignment(statement) ||
    modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  if (isExport === true) throw new Error(`${file}: an export that is not in the list at the end`)
  return []
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join()
const list = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing' : names.join(', ')
