import { groups, rows, type Group, type Row } from './rows.ts'
import type { Title } from './titles.ts'

/** Titles that name unknown rows, and required rows that have neither a test nor a reason. */
export const findProblems = (
  titles: readonly Title[],
  all: readonly Group[] = groups,
): string[] => {
  const knownRows = new Map(
    all.flatMap((group) =>
      Object.entries(group.rows).map(
        ([id, row]) => [id, { ...row, required: group.required }] as const,
      ),
    ),
  )
  const unknownIds = titles.flatMap(({ file, ids, text }) =>
    ids
      .filter((id) => !knownRows.has(id))
      .map(
        (id) =>
          `${file}: "${text}" names ${id}, which is not a row. Correct the id, or add the row ` +
          'to scripts/trust/rows/.',
      ),
  )
  const testedIds = new Set(titles.flatMap(({ ids }) => ids))
  const unprovenRows = [...knownRows]
    .filter(([id, { required, reason }]) => required && !reason && !testedIds.has(id))
    .map(
      ([id, { guarantee }]) =>
        `${id} has neither a test nor a reason: "${guarantee}" Begin a test's title with ` +
        `'${id}: ', or add a reason to the row in scripts/trust/rows/.`,
    )
  return [...unknownIds, ...unprovenRows]
}

/** The complete text of docs/trust.md. */
export const formatPage = (titles: readonly Title[]): string => {
  const ids = Object.keys(rows)
  const tested = ids.filter((id) => titles.some((title) => title.ids.includes(id)))
  const reasoned = ids.filter((id) => !tested.includes(id) && rows[id]?.reason)
  const openCount = ids.length - tested.length - reasoned.length
  return `# Guarantees and their tests

\`npx -y pnpm@12.21.0 generate\` writes this page from the titles of the tests. \`pnpm check\`
fails if the page is stale, if a test names a row that does not exist, or if a row of S, C, B, T or
G has neither a test nor a reason. [SECURITY.md](../SECURITY.md) explains the rows.

There are ${ids.length} rows: ${tested.length} have tests, ${reasoned.length} have a reason
instead, and ${openCount} have no test yet. The last column contains the titles of the tests; in the
source, a title begins with the row's id. "…" is the case of a table.

${groups.map((group) => formatSection(group, titles)).join('\n')}`
}

const formatSection = (group: Group, titles: readonly Title[]): string => {
  const lines = Object.entries(group.rows).map(
    ([id, row]) =>
      `| <a id="${id.toLowerCase()}"></a>${id} | ${row.guarantee} | ${formatTests(
        row,
        titles.filter(({ ids }) => ids.includes(id)),
      )} |`,
  )
  const header = '| row | guarantee | tests |\n| --- | --- | --- |'
  return `## ${group.title}\n\n${header}\n${lines.join('\n')}\n`
}

const formatTests = ({ reason }: Row, titles: readonly Title[]): string => {
  const files = [...new Set(titles.map(({ file }) => file))]
  const tests = files.map((file) => {
    const texts = titles.filter((title) => title.file === file).map(({ text }) => escapeCell(text))
    const label = file.replace(/^packages\//, '').replace('/test/', '/')
    return `[${label}](../${file}): ${[...new Set(texts)].join('; ')}`
  })
  return [...tests, ...(reason ? [`*${reason}*`] : [])].join('<br>') || 'no test yet'
}

/**
 * Escapes a title for a Markdown table. The placeholders of vitest's tables and of templates become
 * dots.
 */
const escapeCell = (text: string): string =>
  text
    .replace(/%[sdifjoO#$]|\$\{[^}]*\}|\$[\w.]+/g, '…')
    .replace(/[\\`*[\]<>|]/g, (char) => `&#${char.charCodeAt(0)};`)
