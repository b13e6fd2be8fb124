import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { runtimeOf } from '../installed/sources.ts'
import { packages, root } from '../shipped/packages.ts'
import { compileErrorsOf } from './compile.ts'

/**
 * Each README with the package in which its code is compiled, with the sources. READMEs for Workers
 * are compiled by scripts/installed.
 */
const readmes: [readme: string, folder: string][] = [
  ['README.md', 'packages/oauth-hono'],
  ...packages
    .filter((each) => runtimeOf(each) === 'node')
    .map(({ folder }): [string, string] => [
      relative(root, join(folder, 'README.md')),
      relative(root, folder),
    ]),
]

/**
 * The bindings as `wrangler types` writes them, for a block that uses `Env`. Such a block is
 * compiled in a package that has the types of Workers.
 */
const env = `interface Env {
  ZOHO_CLIENT_ID: string
  ZOHO_CLIENT_SECRET: string
  ZOHO_ENCRYPTION_KEY: string
  ZOHO_CONNECTIONS: import('@zrecruit/oauth-store-durable-object').ConnectionNamespace
}
`
const isForWorkers = (code: string): boolean => code.includes('Bindings: Env')

const blocksOf = async (readme: string): Promise<string[]> => {
  const text = await readFile(join(root, readme), 'utf8')
  return [...text.matchAll(/```ts\n(.*?)```/gs)]
    .map(([, code = '']) => code)
    .filter((code) => /^import /m.test(code))
}

it.each(readmes)('the code in %s compiles', async (readme, folder) => {
  const blocks = await blocksOf(readme)
  expect(blocks.length).toBeGreaterThan(0)
  expect(
    await compileErrorsOf(
      readme,
      folder,
      blocks.filter((code) => !isForWorkers(code)),
    ),
  ).toBe('')
  const forWorkers = blocks.filter(isForWorkers).map((code) => env + code)
  if (forWorkers.length > 0)
    expect(await compileErrorsOf(readme, 'examples/hono/workers', forWorkers)).toBe('')
})
