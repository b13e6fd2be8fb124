// Generates docs/errors from the table of codes: the facts at the top of each page, and the index.
// The text below the facts is written by hand.
//
//   node --conditions=@zrecruit/source scripts/error-pages.ts --write   writes them
//   node --conditions=@zrecruit/source scripts/error-pages.ts --check   fails if a page is stale or
//                                                                       missing
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, type ErrorCode, type Remedy } from '../packages/oauth-core/src/errors/codes.ts'
import { customerTexts } from '../packages/oauth-core/src/errors/customer-texts.ts'

const [command, folder = join(import.meta.dirname, '../docs/errors')] = process.argv.slice(2)
const codes = (Object.keys(errorCodes) as ErrorCode[]).toSorted()
const requiredSections = ['Causes', 'Solution', 'What the library did', 'Source']
const factsBegin = '<!-- facts:begin -->'
const factsEnd = '<!-- facts:end -->'

const formatFacts = (code: ErrorCode): string => {
  const { summary, hint, source, remedy, status } = errorCodes[code]
  const { title, text } = customerTexts[code]
  return (
    `${factsBegin}\n> ${summary} ${hint}\n\nAt fault: ${source} · remedy: \`${remedy}\` · ` +
    `status of the routes' response: ${status}\n\n` +
    `The user reads: **${title}** ${text}\n${factsEnd}`
  )
}

const remedies: Readonly<Record<Remedy, string>> = {
  retry: 'Call again, not before `retryAt` if the error has it. The connection is unchanged.',
  'ask-consent': 'Send the user to `/connect`. Only a person with a browser can continue.',
  'fix-configuration':
    "Correct an option of the app, or a setting of the client in Zoho's API console. The app's " +
    'users\ncannot help.',
  report: 'There is a mistake in the app, or a situation that should not occur: investigate it.',
}

const formatIndex = (): string => `# Errors

Every error of this library is a \`RecruitOAuthError\` with a \`code\` from this list. Branch on
\`code\`, or on \`remedy\`, which has four values. The message says what happened and what to do.
[Symptoms](../symptoms.md) starts from what people see with Zoho and other clients.

\`\`\`ts
import { isRecruitOAuthError } from '@zrecruit/oauth-core' // or from your adapter

try {
  await zoho.connection('acme').fetch('Candidates')
} catch (error) {
  if (!isRecruitOAuthError(error)) throw error
  if (error.remedy === 'retry') later(error.retryAt)
  if (error.remedy === 'ask-consent') mailTheCustomer('/zoho/connect')
}
\`\`\`

The routes answer a browser with a page for the user, and a program with
\`application/problem+json\`: \`code\`, \`remedy\`, \`detail\` for the developer,
\`userMessage\` for the user, and \`connect\` if consent helps. For errors of the configuration
or the store, \`detail\` is only the sentence in the tables below. \`onEvent\` gets the exact
message; without it, \`console.error\` does. If \`retryAt\` is known, the response has a
\`Retry-After\` header.

After a failed refresh, a cool-down is stored in the record, for all processes: 5 s, then twice as
long, at most two minutes. While a valid access token is stored, it starts at thirty seconds, and
the token is still served. \`retryAt\` is the end of the cool-down.

The status in the tables is the status of the routes' response. \`error.zohoStatus\` is the status
of Zoho's response.

${(Object.keys(remedies) as Remedy[]).map(formatSection).join('\n')}
\`npx -y pnpm@12.21.0 generate\` writes this page and the facts at the top of the others.
`

const formatSection = (remedy: Remedy): string => {
  const rows = codes
    .filter((code) => errorCodes[code].remedy === remedy)
    .map((code) => {
      const { summary, source, status } = errorCodes[code]
      return `| [\`${code}\`](${code}.md) | ${summary} | ${source} | ${status} |`
    })
  return `## ${remedy}

${remedies[remedy]}

| code | what happened | at fault | status |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

const problems: string[] = []
const expectedPages = new Map([[join(folder, 'README.md'), formatIndex()]])
for (const code of codes) {
  const file = join(folder, `${code}.md`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const begin = text.indexOf(factsBegin)
  const end = text.indexOf(factsEnd)
  if (!text.startsWith(`# ${code}\n`) || begin < 0 || end < begin) {
    problems.push(
      `docs/errors/${code}.md does not exist, or lacks its title \`# ${code}\` or the markers ` +
        `${factsBegin} and ${factsEnd}: write it like the other pages.`,
    )
    continue
  }
  const missing = requiredSections.filter((title) => !text.includes(`\n## ${title}\n`))
  if (missing.length > 0)
    problems.push(`docs/errors/${code}.md lacks the sections ${missing.join(', ')}.`)
  const expected = text.slice(0, begin) + formatFacts(code) + text.slice(end + factsEnd.length)
  expectedPages.set(file, expected)
}

const shouldWrite = command === '--write'
if (!shouldWrite && command !== '--check')
  problems.push(`Unknown option ${command ?? ''}: use --write or --check.`)
for (const [file, text] of expectedPages) {
  if (shouldWrite) writeFileSync(file, text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
    problems.push(`${file} is stale: run \`npx -y pnpm@12.21.0 generate\`.`)
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
