import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript-5'
import { settingsFor, type Runtime } from './settings.ts'

// What TypeScript 5.9 says of an installed project under each of the settings, as JSON; run by
// compile.ts.
const [folder = '.', runtime = 'node'] = process.argv.slice(2)
const complaints: Record<string, string[]> = {}
const libraries = new Map<string, ts.SourceFile | undefined>()
const libraryFolder = dirname(ts.getDefaultLibFilePath({}))

for (const [name, { compiler, folders, options, emit }] of Object.entries(
  settingsFor(runtime as Runtime),
)) {
  if (compiler !== 5) continue
  const { options: parsed, errors } = ts.convertCompilerOptionsFromJson({ ...options }, folder)
  const host = ts.createCompilerHost(parsed)
  host.getCurrentDirectory = () => folder
  shareLibraries(host)
  const program = ts.createProgram(
    folders.flatMap((each) => globSync(join(folder, each, '*.ts'))),
    parsed,
    host,
  )
  // The libraries and other packages' declarations have errors of their own, and checking them
  // takes long.
  const ours = program
    .getSourceFiles()
    .filter(
      ({ fileName }) =>
        fileName.startsWith(folder) &&
        (!fileName.includes('/node_modules/') || fileName.includes('/@zrecruit/')),
    )
  const found = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ]
  complaints[name] = found
    .filter((each) => !isEsmAlone(each))
    .map((each) =>
      ts.formatDiagnostic(each, {
        getCurrentDirectory: () => folder,
        getCanonicalFileName: (file) => file,
        getNewLine: () => '\n',
      }),
    )
  // File by file: told to emit all, the compiler would check all.
  if (emit) for (const file of ours) program.emit(file)
}
console.log(JSON.stringify(complaints))

/**
 * A framework that is ESM alone, as NestJS 12, is not for CommonJS under node16; under nodenext it
 * is.
 */
function isEsmAlone({ code, messageText }: ts.Diagnostic): boolean {
  return (
    code === 1479 &&
    /import\("(?!@zrecruit\/)/.test(ts.flattenDiagnosticMessageText(messageText, '\n'))
  )
}

/** `lib.dom.d.ts` takes longer to read than all the rest. */
function shareLibraries(host: ts.CompilerHost): void {
  const { getSourceFile } = host
  host.getSourceFile = (file, ...rest) => {
    if (!file.startsWith(libraryFolder)) return getSourceFile(file, ...rest)
    if (!libraries.has(file)) libraries.set(file, getSourceFile(file, ...rest))
    return libraries.get(file)
  }
}
