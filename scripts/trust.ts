// Generates docs/trust.md, which lists the tests of each guarantee.
//
//   node scripts/trust.ts           prints it
//   node scripts/trust.ts --write   writes it
//   node scripts/trust.ts --check   fails if it is stale, if a required row has neither a test nor
//                                   a reason, or if a title names an unknown row
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProblems, formatPage } from './trust/page.ts'
import { findTitles } from './trust/titles.ts'

const [command, root = join(import.meta.dirname, '..')] = process.argv.slice(2)
const file = join(root, 'docs/trust.md')
const { titles, malformed } = findTitles(root)
const page = formatPage(titles)
const findStalePage = () =>
  existsSync(file) && readFileSync(file, 'utf8') === page
    ? []
    : ['docs/trust.md is stale: run `npx -y pnpm@12.21.0 generate`.']

const fail = (problems: readonly string[]): void => {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

if (command === undefined) console.log(page)
else if (command === '--write') writeFileSync(file, page)
else if (command === '--check')
  fail([
    ...malformed.map((title) => `${title}: write the ids as in 'B6, B5: …'.`),
    ...findProblems(titles),
    ...findStalePage(),
  ])
else fail([`Unknown option ${command}: use --write, --check, or none.`])
