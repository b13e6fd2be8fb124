import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript-5'
import { needsNode } from '../shipped/doors.ts'
import { doorsOf, type Package } from '../shipped/packages.ts'

/** The TypeScript of a user's project, by file name. */
export type Sources = Readonly<Record<string, string>>

/**
 * - `readme.ts`: the first block of the package's README as it stands, and a line that exports what it declares;
 * - `program.ts`: `test/installed/program.ts` of the package, which imports `./readme.js` and sees that it works.
 *
 * Lines that await at the top level can't be CommonJS; such a package has `test/installed/commonjs.ts` for that. `web`
 * imports the doors that need no types of Node.
 */
export const sourcesOf = ({ folder, manifest }: Package): { esm: Sources; cjs: Sources; web: Sources } => {
  const block = /```ts\n(.*?)```/s.exec(readFileSync(join(folder, 'README.md'), 'utf8'))?.[1]
  if (block === undefined) throw new Error(`${manifest.name}: its README has no lines of TypeScript to begin with`)
  const [program, commonjs] = ['program', 'commonjs'].map((name) => join(folder, 'test/installed', `${name}.ts`)) as [string, string]
  if (!existsSync(program)) throw new Error(`${manifest.name}: ${program} is missing. It imports what the README's lines declare from './readme.js', uses it, and prints 'it works'.`)
  const esm = { 'readme.ts': `${block}export { ${declaredIn(block).join(', ')} }\n`, 'program.ts': readFileSync(program, 'utf8') }
  const webDoors = doorsOf(manifest).filter((door) => !needsNode({ folder, manifest }, door))
  return {
    esm,
    cjs: existsSync(commonjs) ? { 'program.ts': readFileSync(commonjs, 'utf8') } : esm,
    web: { 'doors.ts': webDoors.map((door, index) => `export * as door${index} from '${posix.join(manifest.name, door)}'\n`).join('') },
  }
}

const parse = (code: string): ts.SourceFile => ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest)

/** Constants, functions and classes that a block declares and doesn't export. */
const declaredIn = (block: string): string[] =>
  parse(block).statements.flatMap((statement) => {
    if (ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true) return []
    if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : [])).flat()
    if ((ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) && statement.name !== undefined) return [statement.name.text]
    return []
  })

/** The packages that the code imports, without what the runtime brings. */
export const importedBy = (sources: Sources): string[] => {
  const specifiers = Object.values(sources).flatMap((code) => ts.preProcessFile(code).importedFiles.map(({ fileName }) => fileName))
  const names = specifiers.filter((name) => !/^(\.|\w+:)/.test(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name)
  return [...new Set(names)]
}
