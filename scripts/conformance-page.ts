// docs/conformance.md: the cases that adapters and stores are held against, from the cases
// themselves.
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --write    writes it
//   node --conditions=@zrecruit/source scripts/conformance-page.ts --check    fails when it is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { adapterCases, caseGroups } from '../packages/oauth-conformance/src/cases/index.ts'
import { storeCaseGroups, storeCases } from '../packages/oauth-conformance/src/store/cases/index.ts'

const [command] = process.argv.slice(2)
const file = join(import.meta.dirname, '../docs/conformance.md')

const tables = (
  groups: readonly (readonly [
    about: string,
    cases: readonly { id: string; title: string; rationale: string }[],
  ])[],
): string =>
  groups
    .map(
      ([about, cases]) =>
        `### ${about}\n\n| case | what happens | what it protects |\n|---|---|---|\n${cases.map(({ id, title, rationale }) => `| \`${id}\` | ${title} | ${rationale} |`).join('\n')}\n`,
    )
    .join('\n')

const page = `# The conformance cases

${adapterCases.length} for [adapters](#adapters), and ${storeCases.length} for [stores](#stores). How to hold your own against them: [\`@zrecruit/oauth-conformance\`](../packages/oauth-conformance/README.md).

## Adapters

Every adapter passes them on every version and runtime: they speak plain HTTP to an app, with a browser's cookies, before the emulator. A letter and a number in brackets name a row of [trust.md](trust.md).

${tables(caseGroups)}
## Stores

Every store passes them: memory, SQLite, PostgreSQL, Redis and Durable Objects. They call a store in this process and in others that have the same data open, and that are killed, or whose clocks are wrong. A store that lives in one process alone is asked by handles of that process; then nobody dies, and no clock is wrong. [How to write one](write-your-own-store.md).

${tables(storeCaseGroups)}`

if (command === '--write') writeFileSync(file, page)
else if (!existsSync(file) || readFileSync(file, 'utf8') !== page) {
  console.error(
    'docs/conformance.md is not what the cases say: run `pnpm exec node ' +
      '--conditions=@zrecruit/source scripts/conformance-page.ts --write`.',
  )
  process.exitCode = 1
}
