import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { asText, runExperiment, type Row } from './experiment.ts'
import { experiments } from './experiments.ts'
import { storeNames } from './stores.ts'

// `pnpm prove:processes`: every part on every store, a line for each figure; exits 1 where one
// misses its target.
//   --store=sqlite|postgres|redis   and --part=NAME: only these; both can be repeated
//   --seconds=600 --seed=NUMBER     of the part operations: how long on each store, and its random numbers;
//                                   PROVE_HISTORY=FOLDER in the environment keeps what it judged, as JSON
//   --short                         the run that stands in the tests
//   --json                          one line of JSON for each row

const { values } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    store: { type: 'string', multiple: true },
    part: { type: 'string', multiple: true },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    short: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const numberOf = (name: 'seconds' | 'seed'): number | undefined => {
  const text = values[name]
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`--${name}=${text}: use a whole number from 1`)
  return Number(text)
}
const [seconds, seed] = [numberOf('seconds'), numberOf('seed')]
const chosen = <T>(
  kind: string,
  all: readonly T[],
  nameOf: (one: T) => string,
  wanted: readonly string[] | undefined,
): readonly T[] => {
  const unknown = wanted?.find((name) => !all.some((one) => nameOf(one) === name))
  if (unknown !== undefined)
    throw new Error(`--${kind}=${unknown}: use one of ${all.map(nameOf).join(', ')}`)
  return all.filter((one) => wanted?.includes(nameOf(one)) ?? true)
}

// What takes long on a machine with other work is no fault of what is proved: so the table says how
// busy it was.
const busy = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`
const began = busy()
const rows: Row[] = []
for (const part of chosen('part', experiments, ({ name }) => name, values.part)) {
  const stores = chosen('store', storeNames, String, values.store)
  for (const row of await runExperiment(part, {
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
  console.log(`\n${began} at the beginning, ${busy()} at the end, Node ${process.version}`)
if (!values.json)
  console.log(
    missed === 0
      ? `All ${rows.length} figures meet their targets.`
      : `${missed} of ${rows.length} figures miss their targets.`,
  )
process.exitCode = missed === 0 && rows.length > 0 ? 0 : 1
