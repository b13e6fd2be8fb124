import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript-5'
import { declarationsOf, entryPointsOf, packages, type Package } from './packages.ts'

/** The exports of an entry point. */
export interface EntryPoint {
  /** Names that exist at run time. */
  readonly values: readonly string[]
  /** Names that exist only for the compiler. */
  readonly types: readonly string[]
  /** Whether its declarations import `node:` modules. Others compile without `@types/node`. */
  readonly needsNode: boolean
}

type Names = Readonly<Record<string, readonly string[]>>
const kinds = ['import', 'require'] as const
type Kind = (typeof kinds)[number]

/**
 * Loads every entry point from `dist`, as ESM and as CommonJS, and reads its declarations. Reports
 * differences between the two.
 */
export const readEntryPoints = async (
  from: Package,
): Promise<{ entryPoints: Record<string, EntryPoint>; problems: string[] }> => {
  const [imported = {}, required = {}] = await Promise.all(
    kinds.map((kind) => namesAtRunTime(from, kind)),
  )
  const entryPoints: Record<string, EntryPoint> = {}
  const problems: string[] = []
  for (const entryPoint of entryPointsOf(from.manifest)) {
    const values = imported[entryPoint] ?? []
    const requiredValues = required[entryPoint] ?? []
    const declared = declaredNames(from, entryPoint, 'import')
    entryPoints[entryPoint] = {
      values,
      types: declared.filter((name) => !values.includes(name)),
      needsNode: needsNode(from, entryPoint),
    }
    if (!areSame(values, requiredValues))
      problems.push(
        `'${entryPoint}' exports ${formatNames(values)} to import, ` +
          `${formatNames(requiredValues)} to require`,
      )
    if (!areSame(declared, declaredNames(from, entryPoint, 'require')))
      problems.push(`'${entryPoint}' declares different names to require and to import`)
    const undeclared = values.filter((name) => !declared.includes(name))
    if (undeclared.length > 0)
      problems.push(`'${entryPoint}' exports ${formatNames(undeclared)} without a declaration`)
  }
  return { entryPoints, problems }
}

/**
 * A package can import itself by its name, so its entry points are loaded in its own folder, where
 * its dependencies are installed.
 */
const namesAtRunTime = async ({ folder, manifest }: Package, kind: Kind): Promise<Names> => {
  const specifiers = JSON.stringify(
    entryPointsOf(manifest).map((name) => [name, posix.join(manifest.name, name)]),
  )
  const load = kind === 'import' ? 'await import(specifier)' : 'require(specifier)'
  const code =
    `const names = {}; for (const [entryPoint, specifier] of ${specifiers}) ` +
    `names[entryPoint] = Object.keys(${load}).sort(); console.log(JSON.stringify(names))`
  const type = kind === 'import' ? 'module' : 'commonjs'
  const { stdout } = await promisify(execFile)('node', [`--input-type=${type}`, '--eval', code], {
    cwd: folder,
  })
  return JSON.parse(stdout) as Names
}

const declaredNames = (from: Package, entryPoint: string, kind: Kind): string[] => {
  const file = declarationsOf(from, entryPoint, kind)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  const names = source.statements.flatMap((statement) => {
    const reexported = reexportedPackage(statement)
    return reexported ? declaredNames(reexported, '.', kind) : namesExportedBy(statement, file)
  })
  return [...new Set(names)].toSorted()
}

/** The published package in `export * from '…'`. The adapters export core like this. */
const reexportedPackage = (statement: ts.Statement): Package | undefined => {
  if (!ts.isExportDeclaration(statement) || statement.exportClause) return undefined
  const { moduleSpecifier } = statement
  if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) return undefined
  return packages.find(({ manifest }) => manifest.name === moduleSpecifier.text)
}

export const needsNode = (from: Package, entryPoint: string): boolean =>
  /['"]node:/.test(readFileSync(declarationsOf(from, entryPoint, 'import'), 'utf8'))

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

const areSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join()
const formatNames = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing' : names.join(', ')
