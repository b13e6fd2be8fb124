import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './run.ts'
import { settingsFor, type Runtime } from './settings.ts'

/** By the name of the settings: what the compiler says of our program and of our declarations. */
export type Complaints = Readonly<Record<string, readonly string[]>>

/** In one process: TypeScript 5 has an interface to call, and reads its libraries once. */
export const compileWith5 = async (folder: string, runtime: Runtime): Promise<Complaints> => {
  const { code, stdout, stderr } = await run(
    process.execPath,
    [join(import.meta.dirname, 'compile-5.ts'), folder, runtime],
    folder,
  )
  if (code !== 0) throw new Error(`${stdout}${stderr}`)
  return JSON.parse(stdout) as Complaints
}

/** As a command: TypeScript 7 is one. */
export const compileWith7 = async (folder: string, runtime: Runtime): Promise<Complaints> => {
  const complaints: Record<string, string[]> = {}
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
    // A complaint begins at the start of a line. What is wrong in other packages is theirs.
    complaints[name] = stdout
      .split(/\n(?=\S)/)
      .filter((line) => line.trim() !== '' && !/^(?!.*\/@zrecruit\/)[^(]*node_modules\//.test(line))
  }
  return complaints
}
