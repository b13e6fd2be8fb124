/**
 * A simulated time of many connections, told as one line of JSON: `node run.ts <connections> <days>
 * <seed>`. In a process of its own, because it takes over the timers.
 */
import { chanceOf } from './chance.ts'
import { day, type Setup } from './customer.ts'
import { live } from './lives.ts'
import { processesOf } from './processes.ts'
import { takeOverTime } from './simulated-time.ts'
import { zohoOf } from './zoho.ts'

const [connections = 50, days = 7, seed = 1] = process.argv.slice(2).map(Number)
const startAt = Date.UTC(2026, 0, 5)
const random = chanceOf(seed)
const time = takeOverTime(startAt)
const zoho = zohoOf(connections, time, random)
const processes = processesOf(8, time, zoho, random)
const scene: Setup = {
  time,
  zoho,
  processes,
  random,
  days,
  counts: { served: 0, waitedForCodes: 0, toldToWait: 0, afterRevocation: 0 },
  errors: {},
}

/** Lives that ended, by an error of this simulation's own. */
const broken: string[] = []
for (let user = 0; user < connections; user++)
  live(scene, user).catch((error: unknown) => void broken.push(String(error)))
void (async () => {
  for (;;) {
    await time.sleep(random() * 4 * day)
    await processes.deploy()
  }
})()
const beganAt = performance.now()
await time.runUntil(startAt + days * day)
const seconds = Math.round((performance.now() - beganAt) / 100) / 10
const lived = {
  connections,
  days,
  seed,
  seconds,
  ...zoho.counts,
  ...processes.counts,
  ...scene.counts,
  refused: zoho.refused,
  errors: scene.errors,
  broken,
}
export type Lived = typeof lived
console.log(JSON.stringify(lived))
process.exit(0)
