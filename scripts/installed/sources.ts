import { globSync, readFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import ts from 'typescript-5'
import { needsNode } from '../shipped/doors.ts'
import { doorsOf, type Package } from '../shipped/packages.ts'
import type { Runtime } from './settings.ts'

/** The TypeScript of a user's project, by file name. */
export type Sources = Readonly<Record<string, string>>

/**
 * - `readme.ts`: the first block of the package's README as it stands, and a line that exports what
 * it declares;
 * - `program.ts`: of the package's `test/installed`, with what stands beside it; imports
 * `./readme.js` and sees that it
 *   works.
 *
 * Lines that can't be CommonJS, because they await at the top level, or that want another runtime
 * than Node, leave CommonJS to `test/installed/commonjs.ts`. `web` imports the doors that need no
 * types of Node.
 */
export const sourcesOf = (each: Package): { esm: Sources; cjs: Sources; web: Sources } => {
  const { folder, manifest } = each
  const block = blockOf(each)
  if (block === undefined)
    throw new Error(`${manifest.name}: its README has no lines of TypeScript to begin with`)
  const written = Object.fromEntries(
    globSync('test/installed/*.ts', { cwd: folder }).map((path) => [
      basename(path),
      readFileSync(join(folder, path), 'utf8'),
    ]),
  )
  const { 'commonjs.ts': commonjs, ...rest } = written
  if (rest['program.ts'] === undefined)
    throw new Error(
      `${manifest.name}: test/installed/program.ts is missing. It imports what the README's ` +
        "lines declare from './readme.js', uses it, and prints 'it works'.",
    )
  const esm = { ...rest, 'readme.ts': `${block}export { ${declaredIn(block).join(', ')} }\n` }
  const webDoors = doorsOf(manifest).filter((door) => !needsNode(each, door))
  return {
    esm,
    cjs: commonjs === undefined ? esm : { 'program.ts': commonjs },
    web: {
      'doors.ts': webDoors
        .map(
          (door, index) => `export * as door${index} from '${posix.join(manifest.name, door)}'\n`,
        )
        .join(''),
    },
  }
}

export const runtimeOf = (each: Package): Runtime =>
  blockOf(each)?.includes("from 'cloudflare:") === true ? 'workerd' : 'node'

const blockOf = ({ folder }: Package): string | undefined =>
  /```ts\n(.*?)```/s.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1]

const parse = (code: string): ts.SourceFile =>
  ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest)

/** Constants, functions and classes that a block declares and doesn't export. */
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

/** The packages that the code imports, without what the runtime brings. */
export const importedBy = (sources: Sources): string[] => {
  const specifiers = Object.values(sources).flatMap((code) =>
    ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName),
  )
  const names = specifiers
    .filter((name) => !/^(\.|\w+:)/.test(name))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
  return [...new Set(names)]
}
