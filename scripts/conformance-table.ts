import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node'

const prefix = 'conformance: '
const columns = ['cases', 'passed', 'failed', 'skipped'] as const
type Row = Record<(typeof columns)[number], number>

/**
 * Closes a run with one table: for each subject that the suite held an adapter against, what became
 * of its cases.
 */
export class ConformanceTable implements Reporter {
  #vitest?: Vitest

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const table = tableOf(modules)
    if (table !== '') this.#vitest?.logger.log(`\n${table}`)
  }
}

/** The table, or the empty string when no subject was there. */
const tableOf = (modules: readonly TestModule[]): string => {
  const rows = new Map<string, Row>()
  for (const module of modules)
    for (const suite of module.children.allSuites())
      if (suite.name.startsWith(prefix)) {
        const name = suite.name.slice(prefix.length)
        rows.set(name, sum(rows.get(name), rowOf(suite)))
      }
  if (rows.size === 0) return ''
  const byName = [...rows].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  const width = Math.max('conformance'.length, ...byName.map(([name]) => name.length))
  const line = (name: string, cells: readonly unknown[]) =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join('')
  return [
    line('conformance', columns),
    ...byName.map(([name, row]) =>
      line(
        name,
        columns.map((column) => row[column]),
      ),
    ),
  ].join('\n')
}

/** What did neither pass nor fail was skipped, or never had its turn. */
const rowOf = ({ children }: TestSuite): Row => {
  const row: Row = { cases: 0, passed: 0, failed: 0, skipped: 0 }
  for (const test of children.allTests()) {
    const { state } = test.result()
    row.cases += 1
    row[state === 'pending' ? 'skipped' : state] += 1
  }
  return row
}

const sum = (a: Row | undefined, b: Row): Row => {
  const added = { ...b }
  for (const column of columns) added[column] += a?.[column] ?? 0
  return added
}
