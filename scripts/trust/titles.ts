import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The title of a test that names rows, and its file. */
export interface Title {
  readonly file: string
  readonly ids: readonly string[]
  readonly text: string
}

const id = '(?:[SCBTROLMPG]\\d{1,2}|3\\.4)'
/** A string that begins with ids: `'B6, B5: …'`, as an argument, in a table or as a key. */
const titlePattern = new RegExp(`(['"\`])(${id}(?:, ${id})*): ((?:\\\\.|(?!\\1).)*)`, 'g')
/** A malformed list of ids: `'B6 and B5: …'`, `'B6,B5: …'`, `'B6:…'`. */
const malformedPattern = new RegExp(`['"\`]${id}\\b(?!['"\`.])[^'"\`]*`, 'g')
const commentPattern = /^\s*(\/\/|\/?\*)/
/** Folders without sources, and this module's own test, whose titles are examples. */
const excludedPath = /(?:^|[\\/])(?:node_modules|dist|trust\.slow\.test\.ts)$/
const skippedTest = /\.(skip|todo)\(/

/**
 * Finds titles in the sources of the tests below `root`. `vitest list --no-static-parse` would load
 * every test file, which takes ten times as long as the whole check. It would also leave out tests
 * that are skipped on this machine because a browser or a runtime is missing.
 */
export const findTitles = (root: string): { titles: Title[]; malformed: string[] } => {
  const files = globSync('{packages,examples,scripts}/**/test/**/*.{ts,mts,js,mjs,cjs}', {
    cwd: root,
    exclude: (path) => excludedPath.test(path),
  })
  const results = files
    .toSorted()
    .map((file) => titlesIn(file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')))
  return {
    titles: results.flatMap(({ titles }) => titles),
    malformed: results.flatMap(({ malformed }) => malformed),
  }
}

export const titlesIn = (
  file: string,
  source: string,
): { titles: Title[]; malformed: string[] } => {
  const titles: Title[] = []
  const malformed: string[] = []
  for (const [index, line] of source.split('\n').entries()) {
    if (commentPattern.test(line) || skippedTest.test(line)) continue
    const starts = new Set<number>()
    for (const match of line.matchAll(titlePattern)) {
      const [, , ids = '', text = ''] = match
      starts.add(match.index)
      titles.push({ file, ids: ids.split(', '), text: text.replace(/\\(.)/g, '$1') })
    }
    for (const match of line.matchAll(malformedPattern))
      if (!starts.has(match.index)) malformed.push(`${file}:${index + 1}: ${match[0].slice(1)}`)
  }
  return { titles, malformed }
}
