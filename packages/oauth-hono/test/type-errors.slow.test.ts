import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

/** Compiles the code as a file of this package, and returns TypeScript's messages. */
const compile = async (code: string): Promise<readonly string[]> => {
  const parent = join(import.meta.dirname, '../node_modules')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, '.type-errors-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'code.ts'), code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(import.meta.dirname, '../tsconfig.json'),
      include: [],
      exclude: [],
      files: ['code.ts'],
    }),
  )
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
  const output = await new Promise<string>((resolve) =>
    execFile(
      process.execPath,
      [join(dirname(manifest), 'bin/tsc'), '-p', folder, '--pretty', 'false'],
      (_, stdout) => resolve(stdout),
    ),
  )
  return output.split('\n').filter((line) => line !== '')
}

const imports = "import { zohoRecruit, zohoRecruitFromBindings } from '../../src/index.ts'\n"
const valid = {
  clientId: "'1000.A'",
  clientSecret: "'x'",
  redirectUri: "'http://localhost:3000/zoho/callback'",
  scopes: "['ZohoRecruit.modules.READ']",
  connectionFor: '() => undefined',
}

/** The code of the options, with one option on each line. The first option is on line 3. */
const optionsWith = (changes: Readonly<Record<string, string | undefined>>): string =>
  Object.entries({ ...valid, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `\n  ${name}: ${value},`)
    .join('')

const calls: readonly (readonly [name: string, before: string, after: string])[] = [
  ['zohoRecruit', 'zohoRecruit({', '\n})'],
  ['zohoRecruit<App>', 'zohoRecruit<{ Variables: { user: string } }>({', '\n})'],
  [
    'zohoRecruitFromBindings<App>',
    'zohoRecruitFromBindings<{ Bindings: { SECRET: string } }>((env) => ({',
    '\n}))',
  ],
]

it.each(calls)('a type error in the options of %s names the option', async (_, before, after) => {
  const errorsWith = (changes: Readonly<Record<string, string | undefined>>) =>
    compile(`${imports}${before}${optionsWith(changes)}${after}\n`)
  expect(await errorsWith({})).toEqual([])
  const wrongScope = await errorsWith({ scopes: "['ZohoRecruit.modules.REED']" })
  expect(wrongScope[0]).toMatch(/code\.ts\(6,\d+\).*'"ZohoRecruit\.modules\.REED"' is not/)
  const wrongType = await errorsWith({ clientId: '1' })
  expect(wrongType[0]).toMatch(/code\.ts\(3,\d+\).*'number' is not assignable to type 'string'/)
  const missing = (await errorsWith({ connectionFor: undefined })).join('\n')
  expect(missing).toMatch(/Property 'connectionFor' is missing/)
  // TypeScript does not look for unknown names in what a function returns.
  const unknown = before.endsWith('(env) => ({') ? [] : await errorsWith({ redirectURI: "'x'" })
  for (const error of unknown) expect(error).toMatch(/code\.ts\(8,\d+\).*'redirectURI' does not ex/)
  for (const errors of [wrongScope, wrongType, unknown, missing])
    expect(String(errors)).not.toContain('overload')
})
