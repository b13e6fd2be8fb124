import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'
import { settingsFor, type Runtime } from './settings.ts'

/**
 * The compiler's errors in this repository's program and declarations, by the name of the settings.
 */
export type CompileErrors = Readonly<Record<string, readonly string[]>>

/** Compiles all settings in one process, so that TypeScript 5 reads its libraries once. */
export const compileWith5 = async (folder: string, runtime: Runtime): Promise<CompileErrors> => {
  const { code, stdout, stderr } = await run(
    process.execPath,
    [join(import.meta.dirname, 'compile-5.ts'), folder, runtime],
    folder,
  )
  if (code !== 0) throw new Error(`${stdout}${stderr}`)
  return JSON.parse(stdout) as CompileErrors
}

/** Runs the `tsc` command: TypeScript 7 has no API. */
export const compileWith7 = async (folder: string, runtime: Runtime): Promise<CompileErrors> => {
  const errors: Record<string, string[]> = {}
  for (const [name, { compiler, folders, options }] of Object.entries(settingsFor(runtime))) {
    if (compiler !== 7) continue
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...options, noEmit: true }, include: folders }),
    )
    const { code, stdout, stderr } = await run(
      join(import.meta.dirname, '../node_modules/.bin/tsc'),
      ['-p', folder, '--pretty', 'false'],
      folder,
    )
    if (code === null) throw new Error(stderr)
    // An error begins at the start of a line. Errors in other packages are ignored.
    errors[name] = stdout
      .split(/\n(?=\S)/)
      .filter((line) => line.trim() !== '' && !/^(?!.*\/@zrecruit\/)[^(]*node_modules\//.test(line))
  }
  return errors
}
