// Generates docs/options.md and docs/events.md from the types and their doc comments.
//
//   node scripts/option-pages.ts --write   writes them
//   node scripts/option-pages.ts --check   fails if one is stale, or if an option has no example
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDeclarations } from './option-pages/declarations.ts'
import { eventsPage, optionsPage } from './option-pages/format.ts'

const root = join(import.meta.dirname, '..')
const [command, folder = join(root, 'docs')] = process.argv.slice(2)
const optionsSource = 'packages/oauth-core/src/config/options.ts'
const eventsSource = 'packages/oauth-core/src/config/host.ts'
const announcementsSource = 'packages/oauth-core/src/machine/decision.ts'

const optionsIntroduction = `The options of \`createRecruitOAuth\`, of \`zohoRecruit\` (Hono and
Koa) and of \`ZohoRecruitModule\` (NestJS). They are checked when the client is created: a wrong one
is [\`configuration-invalid\`](errors/configuration-invalid.md), and the message names it. The
[recipes](recipes/README.md) show them in whole apps.

In the examples, \`userOf\` reads your session, and \`emulator\` is for tests:

\`\`\`ts
import {
  consoleListener,
  sandboxOf,
  scopesFor,
  zohoDataCenters,
  type RoutePage,
} from '@zrecruit/oauth-core'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import { createEmulator } from '@zrecruit/oauth-emulator'

type User = { id: string; email: string; company: string }
declare function userOf(request: Request): Promise<User | undefined>
declare function notifyCustomer(connection: string): Promise<void>
declare function renderInLanguage(page: RoutePage, language: string | null): string
const emulator = createEmulator()
const pendingWork = new Set<Promise<unknown>>()
\`\`\``

const eventsIntroduction = `The option [\`onEvent\`](options.md#onevent) is called with changes of
connections, which are stored already, and with failures. Its default is \`consoleListener\`, which
writes failures that a developer should know of to the console.

\`\`\`ts
import { consoleListener, type RecruitOAuthEvent } from '@zrecruit/oauth-core'

export function onEvent(event: RecruitOAuthEvent): void {
  consoleListener(event)
  if (event.type === 'consent-lost') console.info(\`\${event.connection} has to connect again\`)
}
\`\`\`

It is called once for each event, in order. What it throws is ignored, and nobody waits for what it
returns: put slow work into a queue. In several processes, each reports only its own events. Events
contain no secret and no token. \`scopes\` of [\`connected\`](#connected) is text from Zoho, and
\`zohoError\` is Zoho's own word for an error: escape them like all text from outside. \`code\` is
one of the [error codes](errors/README.md).`

const problems: string[] = []
const write = command === '--write'
if (!write && command !== '--check')
  problems.push(`Unknown option ${command ?? ''}: use --write or --check.`)

const pages = {
  'options.md': optionsPage(
    readDeclarations(optionsSource),
    readDeclarations('packages/oauth-nestjs/src/options.ts'),
    { introduction: optionsIntroduction, sources: `the doc comments in \`${optionsSource}\`` },
  ),
  'events.md': eventsPage(readDeclarations(eventsSource), {
    introduction: eventsIntroduction,
    sources: `the doc comments in \`${eventsSource}\` and \`${announcementsSource}\``,
  }),
}
for (const [name, page] of Object.entries(pages)) {
  problems.push(...page.problems)
  const file = join(folder, name)
  if (write) writeFileSync(file, page.text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== page.text)
    problems.push(`${file} is stale: run \`npx -y pnpm@12.21.0 generate\`.`)
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
