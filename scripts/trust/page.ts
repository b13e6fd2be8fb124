import { groups, rows, type Group, type Row } from './rows.ts'
import type { Title } from './titles.ts'

/**
 * Everything that is wrong between the rows and the titles; nothing, when each required row is
 * shown or has its reason.
 */
export const problemsOf = (titles: readonly Title[], all: readonly Group[] = groups): string[] => {
  const known = new Map(
    all.flatMap((group) =>
      Object.entries(group.rows).map(
        ([id, row]) => [id, { ...row, required: group.required }] as const,
      ),
    ),
  )
  const shown = new Set(titles.flatMap(({ ids }) => ids))
  const unknown = titles.flatMap(({ file, ids, text }) =>
    ids
      .filter((id) => !known.has(id))
      .map(
        (id) =>
          `${file}: "${text}" names ${id}, which is no row. Correct the id, or add the row ` +
          'to scripts/trust/rows/.',
      ),
  )
  const missing = [...known].filter(
    ([id, { required, reason }]) => required && !reason && !shown.has(id),
  )
  return [
    ...unknown,
    ...missing.map(
      ([id, { holds }]) =>
        `${id} has neither a test nor a reason: "${holds}" Begin a test's title with '${id}: ` +
        "', or give the row a reason in scripts/trust/rows/.",
    ),
  ]
}

/** docs/trust.md, whole. */
export const pageOf = (titles: readonly Title[]): string => {
  const ids = Object.keys(rows)
  const shown = ids.filter((id) => titles.some((title) => title.ids.includes(id)))
  const reasoned = ids.filter((id) => !shown.includes(id) && rows[id]?.reason)
  return `# What is promised, and which tests show it

Generated from the titles of the tests by \`node scripts/trust.ts --write\`; \`pnpm check\` fails when it is stale, when a test names a row that does not exist, and when a row of S, C, B or T has neither a test nor a reason. The rows are explained in [SECURITY.md](../SECURITY.md).

${ids.length} rows: ${shown.length} shown by tests, ${reasoned.length} with a reason instead, ${ids.length - shown.length - reasoned.length} that no test carries yet. A cell names the tests' own words; the row's id stands before them in the source. "…" stands for a case of a table.

${groups.map((group) => section(group, titles)).join('\n')}`
}

const section = (group: Group, titles: readonly Title[]): string => {
  const lines = Object.entries(group.rows).map(
    ([id, row]) =>
      `| <a id="${id.toLowerCase()}"></a>${id} | ${row.holds} | ${cellOf(
        row,
        titles.filter(({ ids }) => ids.includes(id)),
      )} |`,
  )
  return `## ${group.title}\n\n| row | what holds | shown by |\n| --- | --- | --- |\n${lines.join('\n')}\n`
}

const cellOf = ({ reason }: Row, titles: readonly Title[]): string => {
  const files = [...new Set(titles.map(({ file }) => file))]
  const tests = files.map((file) => {
    const words = [
      ...new Set(titles.filter((title) => title.file === file).map(({ text }) => inCell(text))),
    ]
    return (
      `[${file.replace(/^packages\//, '').replace('/test/', '/')}](../${file}): ` + words.join('; ')
    )
  })
  return [...tests, ...(reason ? [`*${reason}*`] : [])].join('<br>') || 'no test carries it yet'
}

/**
 * A title as text in a Markdown table; the placeholders of vitest's tables and of templates become
 * dots.
 */
const inCell = (text: string): string =>
  text
    .replace(/%[sdifjoO#$]|\$\{[^}]*\}|\$[\w.]+/g, '…')
    .replace(/[\\`*[\]<>|]/g, (char) => `&#${char.charCodeAt(0)};`)
