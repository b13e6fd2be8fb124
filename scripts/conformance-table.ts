import type { Reporter, TestModule, TestSuite, Vitest } from 'vitest/node'

const prefix = 'conformance: '
const columns = ['cases', 'passed', 'failed', 'skipped'] as const
type Row = Record<(typeof columns)[number], number>

/**
 * Prints a table at the end of a run: the results of the cases for each tested adapter or store.
 */
export class ConformanceTable implements Reporter {
  #vitest?: Vitest

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const table = formatTable(modules)
    if (table !== '') this.#vitest?.logger.log(`\n${table}`)
  }
}

/** Returns the empty string if no conformance suite ran. */
const formatTable = (modules: readonly TestModule[]): string => {
  const rows = new Map<string, Row>()
  for (const module of modules)
    for (const suite of module.children.allSuites())
      if (suite.name.startsWith(prefix)) {
        const name = suite.name.slice(prefix.length)
        rows.set(name, sumRows(rows.get(name), countResults(suite)))
      }
  if (rows.size === 0) return ''
  const byName = [...rows].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
  const width = Math.max('conformance'.length, ...byName.map(([name]) => name.length))
  const formatLine = (name: string, cells: readonly unknown[]) =>
    name.padEnd(width) + cells.map((cell) => String(cell).padStart(9)).join('')
  return [
    formatLine('conformance', columns),
    ...byName.map(([name, row]) =>
      formatLine(
        name,
        columns.map((column) => row[column]),
      ),
    ),
  ].join('\n')
}

/** A pending case was skipped, or did not run. */
const countResults = ({ children }: TestSuite): Row => {
  const row: Row = { cases: 0, passed: 0, failed: 0, skipped: 0 }
  for (const test of children.allTests()) {
    const { state } = test.result()
    row.cases += 1
    row[state === 'pending' ? 'skipped' : state] += 1
  }
  return row
}

const sumRows = (a: Row | undefined, b: Row): Row => {
  const sum = { ...b }
  for (const column of columns) sum[column] += a?.[column] ?? 0
  return sum
}
