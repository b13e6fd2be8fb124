// docs/errors: the facts at the head of each page, and the index, from the table of codes.
//   node --conditions=@zrecruit/source scripts/error-pages.ts --write    writes them
//   node --conditions=@zrecruit/source scripts/error-pages.ts --check    fails when one is stale, or a code has no page
// The prose below the facts is by hand.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, type ErrorCode, type Remedy } from '../packages/oauth-core/src/errors/codes.ts'

const [command, folder = join(import.meta.dirname, '../docs/errors')] = process.argv.slice(2)
const codes = (Object.keys(errorCodes) as ErrorCode[]).toSorted()
const sections = ['Causes', 'Cure', 'What was done', 'Source']
const [begin, end] = ['<!-- facts:begin -->', '<!-- facts:end -->']

const factsOf = (code: ErrorCode): string => {
  const { summary, hint, source, remedy, status } = errorCodes[code]
  return (
    `${begin}\n> ${summary} ${hint}\n\nAt fault: ${source} · remedy: \`${remedy}\` · status of the ` +
    `routes' answer: ${status}\n${end}`
  )
}

const remedies: Readonly<Record<Remedy, string>> = {
  retry: 'Call again, not before `retryAt` where there is one. The connection is as it was.',
  'ask-consent': 'Send the user to `/connect`. Only a person at a browser can go on from here.',
  'fix-configuration':
    'Mend an option of the app or a setting of the client in Zoho’s API console. Nobody who ' +
    'uses the app can help.',
  report: 'A mistake in the app, or something that should not be: look into it.',
}

const index = (): string => `# Errors

Every error of this library is a \`RecruitOAuthError\` with a \`code\` from this list. Branch on \`code\`, or on \`remedy\`: there are four. The message names cause and cure. [Symptoms](../symptoms.md) starts from what people see elsewhere.

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

The routes answer a person with a page and a program with \`application/problem+json\` (\`code\`, \`remedy\`, \`detail\`; \`connect\`, where consent helps). Of a fault of the configuration or the store a visitor reads the sentence below alone; \`onEvent\`, or without it \`console.error\`, gets the exact one. \`Retry-After\` comes along where \`retryAt\` is known.

A refresh that failed is followed by a cool-down in the record, for all processes: 5 s, then twice as long, at most two minutes; from half a minute on while a valid access token is at hand, which is served meanwhile. \`retryAt\` is its end.

The status in the tables is that of the routes' answer. \`error.status\` is another: what Zoho's answer had.

${(Object.keys(remedies) as Remedy[]).map(indexOf).join('\n')}
This page and the head of each other are written by \`node --conditions=@zrecruit/source scripts/error-pages.ts --write\`.
`

const indexOf = (remedy: Remedy): string => {
  const lines = codes
    .filter((code) => errorCodes[code].remedy === remedy)
    .map(
      (code) =>
        `| [\`${code}\`](${code}.md) | ${errorCodes[code].summary} | ${errorCodes[code].source} ` +
        `| ${errorCodes[code].status} |`,
    )
  return (
    `## ${remedy}\n\n${remedies[remedy]}\n\n| code | what happened | at fault | status |\n| ` +
    `--- | --- | --- | --- |\n${lines.join('\n')}\n`
  )
}

const problems: string[] = []
const wanted = new Map([[join(folder, 'README.md'), index()]])
for (const code of codes) {
  const file = join(folder, `${code}.md`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (!text.startsWith(`# ${code}\n`) || from < 0 || to < from) {
    problems.push(
      `docs/errors/${code}.md is not there, or lacks its title \`# ${code}\` or the markers ` +
        `${begin} and ${end}: write it, like its neighbours.`,
    )
    continue
  }
  const lacking = sections.filter((title) => !text.includes(`\n## ${title}\n`))
  if (lacking.length > 0)
    problems.push(`docs/errors/${code}.md lacks the sections ${lacking.join(', ')}.`)
  wanted.set(file, text.slice(0, from) + factsOf(code) + text.slice(to + end.length))
}

const write = command === '--write'
if (!write && command !== '--check')
  problems.push(`Unknown option ${command ?? ''}: --write or --check.`)
for (const [file, text] of wanted) {
  if (write) writeFileSync(file, text)
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text)
    problems.push(
      `${file} is stale: run \`pnpm exec node --conditions=@zrecruit/source ` +
        'scripts/error-pages.ts --write`.',
    )
}
for (const one of problems) console.error(one)
if (problems.length > 0) process.exitCode = 1
