// Copies the code of examples/recipes into docs/recipes, below a line such as
// `<!-- code: examples/recipes/src/tunnel.ts -->`.
//
//   node scripts/recipe-pages.ts --write   writes the pages
//   node scripts/recipe-pages.ts --check   fails if a page is stale, if a block of TypeScript is
//                                          not from a file, or if a file is on no page
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const [command, folder = join(root, 'docs/recipes')] = process.argv.slice(2)
const block = /(?:<!-- code: (\S+) -->\n)?^```ts\n(?:[^]*?\n)??```$/gm

const problems: string[] = []
const shownFiles = new Set<string>()
const shouldWrite = command === '--write'
if (!shouldWrite && command !== '--check')
  problems.push(`Unknown option ${command ?? ''}: use --write or --check.`)

for (const page of globSync('*.md', { cwd: folder })) {
  const path = join(folder, page)
  const before = readFileSync(path, 'utf8')
  const after = before.replaceAll(block, (found: string, file: string | undefined) => {
    if (file === undefined || !existsSync(join(root, file))) {
      problems.push(`${page}: a block of TypeScript is not from a file: ${found.slice(0, 80)}`)
      return found
    }
    shownFiles.add(file)
    return `<!-- code: ${file} -->\n\`\`\`ts\n${readFileSync(join(root, file), 'utf8')}\`\`\``
  })
  if (shouldWrite) writeFileSync(path, after)
  else if (after !== before)
    problems.push(`${path} is stale: run \`npx -y pnpm@12.21.0 generate\`.`)
}
for (const file of globSync('examples/recipes/{src,nestjs-tests}/*.ts', { cwd: root }))
  if (!shownFiles.has(file)) problems.push(`${file} is on no page of docs/recipes.`)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
