import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))

/** The text of a page without its code, which contains no links. */
const proseOf = (text: string): string =>
  text.replace(/^(```+)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '')

/** The targets of `[text](target)`, without addresses of other sites. */
const targetsOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The anchors of a page: those that GitHub derives from headings, and explicit ids. */
const anchorsOf = (file: string): string[] => {
  const text = readFileSync(file, 'utf8').replace(/^(```+)[\s\S]*?^\1/gm, '')
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return [...headings, ...[...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id)]
}

/** Returns why a link is broken, or `undefined`. */
const linkProblem = (file: string, target: string): string | undefined => {
  const [path = '', anchor] = target.split('#')
  const targetPath = path === '' ? join(root, file) : join(root, dirname(file), path)
  if (!existsSync(targetPath)) return `${file}: ${target} does not exist`
  if (anchor === undefined) return undefined
  const page = statSync(targetPath).isDirectory() ? join(targetPath, 'README.md') : targetPath
  return existsSync(page) && anchorsOf(page).includes(anchor)
    ? undefined
    : `${file}: ${target} has no such heading`
}

/** The paths of this repository in inline code, such as `scripts/demo.ts`. */
const pathsOf = (text: string): string[] =>
  [...text.matchAll(/`((?:packages|examples|scripts|docs|stress|testing|bench)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  )

it('finds the pages', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'README.md',
      'SECURITY.md',
      'docs/errors/throttled.md',
      'packages/oauth-core/README.md',
    ]),
  )
})

it.each(files)('the links of %s are valid', (file) => {
  const targets = targetsOf(proseOf(readFileSync(join(root, file), 'utf8')))
  expect(targets.map((target) => linkProblem(file, target)).filter(Boolean)).toEqual([])
})

it.each(files)('the paths in %s exist', (file) => {
  const paths = pathsOf(readFileSync(join(root, file), 'utf8'))
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

it.each([
  ['README.md', 'docs/none.md', 'README.md: docs/none.md does not exist'],
  [
    'README.md',
    'CONTRIBUTING.md#nothing-here',
    'README.md: CONTRIBUTING.md#nothing-here has no such heading',
  ],
  ['docs/errors/throttled.md', '#none', 'docs/errors/throttled.md: #none has no such heading'],
  ['docs/errors/throttled.md', '#what-the-library-did', undefined],
  ['docs/errors/throttled.md', '../trust.md#b5', undefined],
])('checks a link of %s to %s', (file, target, reason) => {
  expect(linkProblem(file, target)).toBe(reason)
})
