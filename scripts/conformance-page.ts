// docs/conformance.md: the cases that adapters are held against, from the cases themselves.
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --write    writes it
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --check    fails when it is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapterCases, caseGroups } from '../packages/oauth-conformance/src/cases/index.ts'

const [command] = process.argv.slice(2)
const file = join(import.meta.dirname, '../docs/conformance.md')

const page = `# The conformance cases

${adapterCases.length} cases, which every adapter passes on every version and runtime: they speak plain HTTP to an app, with a browser's cookies, before the emulator. A letter and a number in brackets name a row of [trust.md](trust.md). How to hold an adapter of your own against them: [\`@zrecruit/oauth-conformance\`](../packages/oauth-conformance/README.md).

${caseGroups
  .map(([about, cases]) => `## ${about}\n\n| case | what happens | what it protects |\n|---|---|---|\n${cases.map(({ id, title, protects }) => `| \`${id}\` | ${title} | ${protects} |`).join('\n')}\n`)
  .join('\n')}`

if (command === '--write') writeFileSync(file, page)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== page) {
  console.error('docs/conformance.md is not what the cases say: run `pnpm exec node --conditions=@zrecruit/source scripts/conformance-page.ts --write`.')
  process.exitCode = 1
}
