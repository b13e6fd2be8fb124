import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript-5'
import { settingsFor, type Runtime } from './settings.ts'

// Compiles an installed project with TypeScript 5.9 and each of its settings. Prints the errors as
// JSON. compile.ts runs it.
const [folder = '.', runtime = 'node'] = process.argv.slice(2)
const errorsBySettings: Record<string, string[]> = {}
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
  // Only this repository's files are checked: the declarations of libraries and other packages have
  // their own errors, and checking them takes long.
  const ownFiles = program
    .getSourceFiles()
    .filter(
      ({ fileName }) =>
        fileName.startsWith(folder) &&
        (!fileName.includes('/node_modules/') || fileName.includes('/@zrecruit/')),
    )
  const diagnostics = [
    ...errors,
    ...program.getOptionsDiagnostics(),
    ...ownFiles.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ]
  errorsBySettings[name] = diagnostics
    .filter((diagnostic) => !isEsmOnlyFramework(diagnostic))
    .map((diagnostic) =>
      ts.formatDiagnostic(diagnostic, {
        getCurrentDirectory: () => folder,
        getCanonicalFileName: (file) => file,
        getNewLine: () => '\n',
      }),
    )
  // Emits each file: to emit the whole program, the compiler would check all files.
  if (emit) for (const file of ownFiles) program.emit(file)
}
console.log(JSON.stringify(errorsBySettings))

/**
 * With `module: node16`, CommonJS cannot import a framework that is ESM only, such as NestJS 12.
 * With `nodenext` it can.
 */
function isEsmOnlyFramework({ code, messageText }: ts.Diagnostic): boolean {
  return (
    code === 1479 &&
    /import\("(?!@zrecruit\/)/.test(ts.flattenDiagnosticMessageText(messageText, '\n'))
  )
}

/** Reads each library file once: `lib.dom.d.ts` takes longer than all other files together. */
function shareLibraries(host: ts.CompilerHost): void {
  const { getSourceFile } = host
  host.getSourceFile = (file, ...rest) => {
    if (!file.startsWith(libraryFolder)) return getSourceFile(file, ...rest)
    if (!libraries.has(file)) libraries.set(file, getSourceFile(file, ...rest))
    return libraries.get(file)
  }
}
