// Checks what Prettier leaves alone here: the code blocks of Markdown files. Prettier itself would
// pad their tables to the width of the longest cell.
//
//   pnpm check:format   fails if a file is not formatted
//   pnpm format         formats every file
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'

const root = join(import.meta.dirname, '..')
const shouldWrite = process.argv.includes('--write')
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

const listed = execFileSync('git', ['ls-files', '-z', '*.md'], { cwd: root, encoding: 'utf8' })
const unformatted: string[] = []
for (const file of listed.split('\0').filter((name) => name !== '')) {
  const text = readFileSync(join(root, file), 'utf8')
  const formatted = await formatBlocks(text)
  if (formatted === text) continue
  if (shouldWrite) writeFileSync(join(root, file), formatted)
  else unformatted.push(file)
}
for (const file of unformatted)
  console.error(`${file}: a code block is not formatted: run \`pnpm format\`.`)
process.exitCode = unformatted.length === 0 ? 0 : 1
