// Checks what Prettier does not check here: the code blocks of Markdown files, because Prettier
// would pad their tables to the width of the longest cell, and the width of comments and strings.
//
//   pnpm check:format   fails if a code block is not formatted, or if a line is too wide
//   pnpm format         formats the code blocks
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'

const root = join(import.meta.dirname, '..')
const shouldWrite = process.argv.includes('--write')
const maxWidth = 100
const parsers: Readonly<Record<string, string>> = {
  ts: 'typescript',
  js: 'babel',
  json: 'json',
  jsonc: 'jsonc',
  yaml: 'yaml',
}
const options = (await resolveConfig(join(root, 'README.md'))) ?? {}
const block = /^( *)```(\w+)([^\n]*)\n([^]*?)^\1```$/gm

async function formatBlocks(text: string): Promise<string> {
  let formatted = ''
  let end = 0
  for (const match of text.matchAll(block)) {
    const [whole, indent = '', language = '', info = '', code = ''] = match
    const parser = parsers[language]
    if (parser === undefined) continue
    const inner = await formatCode(code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), parser)
    const indented = inner.replaceAll(/^(?=.)/gm, indent)
    const fence = `${indent}\`\`\``
    formatted += `${text.slice(end, match.index)}${fence}${language}${info}\n${indented}${fence}`
    end = match.index + whole.length
  }
  return formatted + text.slice(end)
}

/** A fragment, for example a single property, cannot be parsed and stays as it is. */
async function formatCode(code: string, parser: string): Promise<string> {
  try {
    return await format(code, { ...options, parser })
  } catch {
    return code
  }
}

/** The tracked files that match the patterns, without deleted ones. */
function trackedFiles(...patterns: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
}

/**
 * Returns the lines with more than `maxWidth` characters as `file:line`. A line with a web address
 * is allowed, because an address cannot be broken.
 */
function wideLines(file: string): string[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) =>
    line.length > maxWidth && !/https?:\/\//.test(line) ? [`${file}:${index + 1}`] : [],
  )
}

const problems: string[] = []
for (const file of trackedFiles('*.md')) {
  const text = readFileSync(join(root, file), 'utf8')
  const formatted = await formatBlocks(text)
  if (formatted === text) continue
  if (shouldWrite) writeFileSync(join(root, file), formatted)
  else problems.push(`${file}: a code block is not formatted: run \`pnpm format\`.`)
}
if (!shouldWrite) {
  const sources = trackedFiles('*.ts', '*.tsx', '*.mts', '*.cts', '*.js', '*.mjs', '*.cjs')
  for (const line of sources.flatMap(wideLines))
    problems.push(`${line}: has more than ${maxWidth} characters.`)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
