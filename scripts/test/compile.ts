import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../shipped/packages.ts'

/**
 * Compiles each block of a page as a file of a package, with the sources of this repository.
 * Returns what the compiler prints: nothing, if there is no error.
 */
export const compileErrorsOf = async (
  page: string,
  folder: string,
  blocks: readonly string[],
): Promise<string> => {
  const name = `readme-${page.replaceAll('/', '-')}.generated`
  const files = blocks.map((_, index) => join(root, folder, 'test', `${name}-${index}.ts`))
  const project = join(root, folder, `tsconfig.${name}.json`)
  try {
    await Promise.all(files.map((file, index) => writeFile(file, blocks[index] ?? '')))
    await writeFile(project, JSON.stringify({ extends: './tsconfig.json', include: files }))
    const tsc = join(import.meta.dirname, '../node_modules/.bin/tsc')
    const { stdout } = await promisify(execFile)(tsc, ['-p', project]).catch(
      (error: { stdout: string }) => error,
    )
    return stdout
  } finally {
    await Promise.all([project, ...files].map((file) => rm(file, { force: true })))
  }
}
