import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A title that names rows, and the file that it stands in. */
export interface Title {
  readonly file: string
  readonly ids: readonly string[]
  readonly text: string
}

const id = '(?:[SCBTROLMPG]\\d{1,2}|3\\.4)'
/** A string that begins with ids: `'B6, B5: …'`. It may stand in a call, in a table or as a key. */
const titled = new RegExp(`(['"\`])(${id}(?:, ${id})*): ((?:\\\\.|(?!\\1).)*)`, 'g')
/** One that seems to and does not: `'B6 and B5: …'`, `'B6,B5: …'`, `'B6:…'`. */
const nearly = new RegExp(`['"\`]${id}\\b(?!['"\`.])[^'"\`]*`, 'g')
const comment = /^\s*(\/\/|\/?\*)/
/** Folders without sources, and the test of this file, whose titles are examples. */
const notRead = /(?:^|[\\/])(?:node_modules|dist|trust\.slow\.test\.ts)$/
const notRun = /\.(skip|todo)\(/

/**
 * Titles in the tests below `root`, from their sources. Asking vitest (`vitest list
 * --no-static-parse`) would load every test file, ten times slower than all of the check, and would
 * leave out what is skipped on this machine for want of a browser or a runtime.
 */
export const findTitles = (root: string): { titles: Title[]; malformed: string[] } => {
  const files = globSync('{packages,examples,scripts}/**/test/**/*.{ts,mts,js,mjs,cjs}', {
    cwd: root,
    exclude: (path) => notRead.test(path),
  })
  const found = files
    .toSorted()
    .map((file) => titlesIn(file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')))
  return {
    titles: found.flatMap(({ titles }) => titles),
    malformed: found.flatMap(({ malformed }) => malformed),
  }
}

export const titlesIn = (file: string, text: string): { titles: Title[]; malformed: string[] } => {
  const titles: Title[] = []
  const malformed: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (comment.test(line) || notRun.test(line)) continue
    const starts = new Set<number>()
    for (const match of line.matchAll(titled)) {
      const [, , ids = '', words = ''] = match
      starts.add(match.index)
      titles.push({ file, ids: ids.split(', '), text: words.replace(/\\(.)/g, '$1') })
    }
    for (const match of line.matchAll(nearly))
      if (!starts.has(match.index)) malformed.push(`${file}:${index + 1}: ${match[0].slice(1)}`)
  }
  return { titles, malformed }
}
