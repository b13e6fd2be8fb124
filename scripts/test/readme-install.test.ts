import { readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { importedBy } from '../installed/sources.ts'
import { packages, root, shortName, type Package } from '../shipped/packages.ts'

const firstBlock = (text: string, language: string): string =>
  new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(text)?.[1] ?? ''

/** The commands of a README that install packages. */
const installCommands = (text: string): string =>
  firstBlock(text, 'sh')
    .split(/\n|&&/)
    .filter((line) => /^\s*npm (i|install) /.test(line))
    .join('\n')

/** The packages that the README's first example imports, with the types that it needs. */
const neededBy = (text: string, { manifest }: Package): string[] => {
  const imported = importedBy({ 'readme.ts': firstBlock(text, 'ts') }).filter(
    (name) => !builtinModules.includes(name),
  )
  const types = Object.keys(manifest.devDependencies ?? {}).filter((name) =>
    imported.some((importedName) => name === `@types/${importedName}`),
  )
  return [...imported, ...types]
}

const readmes = packages.map((each): [string, Package] => [
  join('packages', shortName(each), 'README.md'),
  each,
])

it.each(readmes)('%s installs all packages that its example needs', (readme, each) => {
  const text = readFileSync(join(root, readme), 'utf8')
  const names = installCommands(text).split(/\s+/)
  expect(neededBy(text, each).filter((name) => !names.includes(name))).toEqual([])
})

it.each([...readmes.map(([readme]) => readme), 'README.md'])(
  '%s names the release status and the version of Node beside the install command',
  (readme) => {
    const text = readFileSync(join(root, readme), 'utf8')
    const [, beside = ''] = /^npm (?:i|install) [^]*?^```$([^]{0,400})/m.exec(text) ?? []
    expect(beside).toMatch(/Not released on npm yet/)
    expect(beside).toMatch(/Node\s+22\.13 or\s+newer/)
  },
)

it('the first example gives a shared connection to its company', () => {
  const example = firstBlock(readFileSync(join(root, 'README.md'), 'utf8'), 'ts')
  expect(example).toContain('{ id: user.company, principal: user.company }')
})
