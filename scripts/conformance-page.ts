// Generates docs/conformance.md from the definitions of the conformance cases.
//
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --write   writes it
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --check   fails if it is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapterCases, caseGroups } from '../packages/oauth-conformance/src/cases/index.ts'
import { storeCaseGroups, storeCases } from '../packages/oauth-conformance/src/store/cases/index.ts'

const [command] = process.argv.slice(2)
const file = join(import.meta.dirname, '../docs/conformance.md')

const formatTables = (
  groups: readonly (readonly [
    topic: string,
    cases: readonly { id: string; title: string; rationale: string }[],
  ])[],
): string =>
  groups
    .map(([topic, cases]) => {
      const rows = cases.map(
        ({ id, title, rationale }) => `| \`${id}\` | ${title} | ${rationale} |\n`,
      )
      const header = '| case | expected behaviour | reason |\n|---|---|---|'
      return `### ${topic}\n\n${header}\n${rows.join('')}`
    })
    .join('\n')

const page = `# The conformance cases

There are ${adapterCases.length} cases for [adapters](#adapters) and ${storeCases.length} for
[stores](#stores). [\`@zrecruit/oauth-conformance\`](../packages/oauth-conformance/README.md) runs
them for your own code.

## Adapters

Every adapter passes these cases on every supported version and runtime. They use plain HTTP to an
app with browser cookies, against the emulator. A letter and a number in brackets are a row of
[trust.md](trust.md).

${formatTables(caseGroups)}
## Stores

Every store passes these cases: memory, SQLite, PostgreSQL, Redis and Durable Objects. They use the
store in this process and in other processes with the same data, which are killed or have a wrong
clock. A store that exists in one process only is used by several handles, without kills and wrong
clocks. See [how to write a store](write-your-own-store.md).

${formatTables(storeCaseGroups)}`

if (command === '--write') writeFileSync(file, page)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== page) {
  console.error('docs/conformance.md is stale: run `npx -y pnpm@12.21.0 generate`.')
  process.exitCode = 1
}
