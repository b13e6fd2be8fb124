import { globSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import ts from 'typescript-5'
import { needsNode } from '../shipped/entry-points.ts'
import { entryPointsOf, type Package } from '../shipped/packages.ts'
import type { Runtime } from './settings.ts'

/** The TypeScript sources of a project, by file name. */
export type Sources = Readonly<Record<string, string>>

/**
 * The files of the project that uses a package:
 * - `readme.ts`: the first code block of the package's README, with a line that exports its
 *   declarations;
 * - `program.ts`: from the package's `test/installed`, with the other files there. It imports
 *   `./readme.js` and tests it;
 * - `entry-points.ts`: imports every entry point of the package.
 *
 * If the README's code cannot be CommonJS, because it awaits at the top level or needs another
 * runtime than Node, the CommonJS project runs `test/installed/commonjs.ts` instead. `web` imports
 * the entry points that do not need the types of Node.
 */
export const sourcesOf = (each: Package): { esm: Sources; cjs: Sources; web: Sources } => {
  const { folder, manifest } = each
  const block = blockOf(each)
  if (block === undefined) throw new Error(`${manifest.name}: its README has no TypeScript block`)
  const testFiles = Object.fromEntries(
    globSync('test/installed/*.ts', { cwd: folder }).map((path) => [
      basename(path),
      readFileSync(join(folder, path), 'utf8'),
    ]),
  )
  const { 'commonjs.ts': commonjs, ...rest } = testFiles
  if (rest['program.ts'] === undefined)
    throw new Error(
      `${manifest.name}: test/installed/program.ts is missing. It must import the README's ` +
        "declarations from './readme.js', use them, and print 'it works'.",
    )
  const entryPoints = entryPointsOf(manifest)
  const all = { 'entry-points.ts': importsOf(manifest.name, entryPoints) }
  const esm = {
    ...rest,
    ...all,
    'readme.ts': `${block}export { ${declaredIn(block).join(', ')} }\n`,
  }
  const webEntryPoints = entryPoints.filter((name) => !needsNode(each, name))
  return {
    esm,
    cjs: commonjs === undefined ? esm : { ...all, 'program.ts': commonjs },
    web: { 'entry-points.ts': importsOf(manifest.name, webEntryPoints) },
  }
}

const importsOf = (packageName: string, entryPoints: readonly string[]): string =>
  entryPoints
    .map((name, index) => `export * as e${index} from '${posix.join(packageName, name)}'\n`)
    .join('')

export const runtimeOf = (each: Package): Runtime =>
  blockOf(each)?.includes("from 'cloudflare:") === true ? 'workerd' : 'node'

const blockOf = ({ folder }: Package): string | undefined =>
  /```ts\n(.*?)```/s.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1]

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest)

/** The constants, functions and classes that a block declares but does not export. */
const declaredIn = (block: string): string[] =>
  parse(block).statements.flatMap((statement) => {
    if (
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
    )
      return []
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? name.text : [],
      )
    if (
      (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) &&
      statement.name !== undefined
    )
      return [statement.name.text]
    return []
  })

/** The packages that the code imports, without modules of the runtime. */
export const importedBy = (sources: Sources): string[] => {
  const specifiers = Object.values(sources).flatMap((code) =>
    ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName),
  )
  const names = specifiers
    .filter((name) => !/^(\.|\w+:)/.test(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
  return [...new Set(names)]
}
