/**
 * Runs the simulation and prints its result as one line of JSON: `node run.ts <connections> <days>
 * <seed>`. It needs its own process because it replaces the timers.
 */
import { createRandom } from './random.ts'
import { day, type Setup } from './customer.ts'
import { runCustomer } from './customers.ts'
import { createProcesses } from './processes.ts'
import { simulateTime } from './simulated-time.ts'
import { createZoho } from './zoho.ts'

const [connections = 50, days = 7, seed = 1] = process.argv.slice(2).map(Number)
const startAt = Date.UTC(2026, 0, 5)
const random = createRandom(seed)
const time = simulateTime(startAt)
const zoho = createZoho(connections, time, random)
const processes = createProcesses(8, time, zoho, random)
const setup: Setup = {
  time,
  zoho,
  processes,
  random,
  days,
  counts: { served: 0, waitedForCodes: 0, expectedErrors: 0, afterRevocation: 0 },
  errors: {},
}

/** Errors of the simulation itself. */
const crashed: string[] = []
for (let user = 0; user < connections; user++)
  runCustomer(setup, user).catch((error: unknown) => void crashed.push(String(error)))
void (async () => {
  for (;;) {
    await time.sleep(random() * 4 * day)
    await processes.deploy()
  }
})()
const beganAt = performance.now()
await time.runUntil(startAt + days * day)
const seconds = Math.round((performance.now() - beganAt) / 100) / 10
const result = {
  connections,
  days,
  seed,
  seconds,
  ...zoho.counts,
  ...processes.counts,
  ...setup.counts,
  refused: zoho.refused,
  errors: setup.errors,
  crashed,
}
export type SimulationResult = typeof result
console.log(JSON.stringify(result))
process.exit(0)
