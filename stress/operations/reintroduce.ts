import { parseArgs } from 'node:util'
import { operations } from '../operations.ts'
import { runExperiment } from '../experiment.ts'
import { storeNames, type StoreName } from '../stores.ts'
import { rules } from './check/verdict.ts'
import { formerFaults, type FormerFault, type FormerFaultNumber } from './reintroduce/faults.ts'

// Tests the checker: puts a former bug back into core's sources while processes load them, and runs
// random operations until the checker finds the bug. Exits with 1 if the checker does not find it.
//   node --conditions=@zrecruit/source stress/operations/reintroduce.ts
//     --fault=3 --fault=10     only these bugs; default: all
//     --store=sqlite           default: the store on which each bug is found fastest
//     --seconds=60 --seed=11   of the first run; each following run uses the next seed
//     --runs=10                the maximum number of runs for each bug
//     --as-is                  leaves core unchanged: to test the checker with an unfixed bug

const { values } = parseArgs({
  options: {
    fault: { type: 'string', multiple: true },
    store: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '11' },
    runs: { type: 'string', default: '10' },
    'as-is': { type: 'boolean', default: false },
  },
})
const numbers = Object.keys(formerFaults)
const chosen = values.fault ?? numbers
const unknown = chosen.find((number) => !numbers.includes(number))
if (unknown !== undefined) throw new Error(`--fault=${unknown}: use one of ${numbers.join(', ')}`)
const store = storeNames.find((name) => name === values.store)
if (values.store !== undefined && !store)
  throw new Error(`--store=${values.store}: use one of ${storeNames.join(', ')}`)

const hook = new URL('reintroduce/hook.ts', import.meta.url).href

const isFound = async (fault: FormerFault, at: StoreName, seed: number): Promise<boolean> => {
  const rows = await runExperiment(operations, {
    stores: [at],
    short: true,
    seconds: Number(values.seconds),
    seed,
  })
  const row = rows.find(({ what }) => what === `${fault.rule}. ${rules[fault.rule]}`)
  return fault.shownBy.test(String(row?.figures['violations'] === 0 ? '' : row?.figures['found']))
}

let missed = 0
for (const number of chosen) {
  const fault: FormerFault = formerFaults[Number(number) as FormerFaultNumber]
  if (!values['as-is']) {
    process.env['STRESS_REINTRODUCE'] = number
    process.env['NODE_OPTIONS'] = `--import=${hook}`
  }
  const at = store ?? fault.store
  let seed = Number(values.seed)
  const lastSeed = seed + Number(values.runs) - 1
  let found = await isFound(fault, at, seed)
  while (!found && seed < lastSeed) {
    seed += 1
    found = await isFound(fault, at, seed)
  }
  if (!found) missed += 1
  const where = `(${at}, seed ${seed}, rule ${fault.rule})`
  console.log(`${found ? 'found ' : 'MISSED'}  ${number}: ${fault.what} ${where}`)
}
process.exitCode = missed === 0 ? 0 : 1
