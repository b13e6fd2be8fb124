import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { asText, runExperiment, type Row } from './experiment.ts'
import { experiments } from './experiments.ts'
import { storeNames } from './stores.ts'

// `pnpm prove:processes` runs every experiment on every store and prints one row for each result.
// It exits with 1 if a row misses its target.
//   --store=sqlite|postgres|redis   only this store; can be repeated
//   --experiment=NAME               only this experiment; can be repeated
//   --seconds=600 --seed=NUMBER     for `operations`: seconds on each store, seed of the plan
//   --short                         the shorter run, as in the tests
//   --json                          one line of JSON for each row
// With STRESS_HISTORY=FOLDER, `operations` writes the history of its run there as JSON.

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    store: { type: 'string', multiple: true },
    experiment: { type: 'string', multiple: true },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const numberOption = (name: 'seconds' | 'seed'): number | undefined => {
  const text = values[name]
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`--${name}=${text}: use a whole number from 1`)
  return Number(text)
}
const seconds = numberOption('seconds')
const seed = numberOption('seed')
const select = <T>(
  kind: string,
  all: readonly T[],
  nameOf: (item: T) => string,
  wanted: readonly string[] | undefined,
): readonly T[] => {
  const unknown = wanted?.find((name) => !all.some((item) => nameOf(item) === name))
  if (unknown !== undefined)
    throw new Error(`--${kind}=${unknown}: use one of ${all.map(nameOf).join(', ')}`)
  return all.filter((item) => wanted?.includes(nameOf(item)) ?? true)
}

// Other work on the machine makes experiments slower, so the output contains the load.
const describeLoad = () =>
  `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
const loadAtStart = describeLoad()
const rows: Row[] = []
for (const experiment of select('experiment', experiments, ({ name }) => name, values.experiment)) {
  const stores = select('store', storeNames, String, values.store)
  for (const row of await runExperiment(experiment, {
    stores,
    short: values.short,
    ...(seconds !== undefined && { seconds }),
    ...(seed !== undefined && { seed }),
  })) {
    rows.push(row)
    console.log(values.json ? JSON.stringify(row) : asText(row))
  }
}
const missed = rows.filter(({ ok }) => !ok).length
if (!values.json)
  console.log(
    `\n${loadAtStart} at the start, ${describeLoad()} at the end, Node ${process.version}`,
  )
if (!values.json)
  console.log(
    missed === 0
      ? `All ${rows.length} rows meet their targets.`
      : `${missed} of ${rows.length} rows miss their targets.`,
  )
process.exitCode = missed === 0 && rows.length > 0 ? 0 : 1
