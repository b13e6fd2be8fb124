import { setTimeout as sleep } from 'node:timers/promises'
import type { HostClock } from './clocks/host-clock.ts'
import type { Called, ClockOrder } from './clocks/process.ts'
import { createSetup, type Setup } from './clocks/setup.ts'
import { tally } from './figures.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Wall clocks that differ and jump, in real processes under libfaketime: of the apps' hosts, and of
 * the store's. SQLite has the clock of the process that opens it: there, each process has another
 * store time. Redis does not start under libfaketime: its clock is the real one, and `asOf` is
 * shifted where its answers arrive.
 */
export const clocks: Experiment = {
  name: 'clocks',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(...(await on(bench, store)))
    return rows
  },
}

const storesHost = "the store's host"
const [minute, hour, day] = [60, 3_600, 86_400]

const on = async (bench: TestContext, name: StoreName): Promise<Row[]> => {
  const scene = await createSetup(bench, name)
  const rows = [await skewed(scene, bench.short ? 2 : 24)]
  scene.align()
  for (const jump of [day, -day]) {
    rows.push(
      await jumped(
        scene,
        'the hosts of the apps',
        jump,
        scene.hosts.map(({ clock }) => clock),
      ),
    )
    if (scene.storeClock) rows.push(await jumped(scene, storesHost, jump, [scene.storeClock]))
  }
  return rows
}

/** M19: hours pass in steps of ten minutes, and every process calls in each. */
const skewed = async ({ name, zoho, hosts, pass, connect }: Setup, hours: number): Promise<Row> => {
  await connect('skewed')
  const before = await zoho.calls()
  const [failures, wallClocks] = [[] as string[], [] as number[]]
  let calls = 0
  for (let step = 0; step < 6 * hours; step++) {
    await pass(10 * minute)
    for (const { process } of hosts) {
      const called = await process.ask<Called>({
        do: 'call',
        id: 'skewed',
        callers: 3,
      } satisfies ClockOrder)
      calls += called.calls
      failures.push(...called.failures)
      if (step === 0) wallClocks.push(called.wallClock)
    }
  }
  const tokens = (await zoho.calls()).token - before.token
  // A token serves for some fifty minutes: what every process alone would need, and one more for
  // every hour.
  const most = Math.ceil((hours * 60) / 46) + hours
  const apart = Math.round((Math.max(...wallClocks) - Math.min(...wallClocks)) / 1_000)
  return {
    part: 'clocks',
    store: name,
    what: `M19 hosts 5 min ahead, 5 min behind, right: ${hours} hours`,
    figures: { 'seconds apart': apart, calls, failures: tally(failures), 'token calls': tokens },
    target: `failures none, at most ${most} calls (1 extra in an hour)`,
    ok: failures.length === 0 && tokens > 0 && tokens <= most && apart >= 500,
  }
}

/** M20: a clock jumps by a day while a refresh is under way, and back a while later. */
const jumped = async (
  { name, zoho, hosts, pass, connect }: Setup,
  whose: string,
  seconds: number,
  turnedClocks: readonly HostClock[],
): Promise<Row> => {
  const id = `jump of ${whose} by ${seconds}`
  await connect(id)
  const all: Called[] = []
  const call = async (order: { callers: number; times?: number; pauseMs?: number }) => {
    all.push(
      ...(await Promise.all(
        hosts.map(({ process }) =>
          process.ask<Called>({ do: 'call', id, ...order } satisfies ClockOrder),
        ),
      )),
    )
  }
  const turn = (by: number) => turnedClocks.forEach((clock) => clock.turn(by))
  /** How far the store is ahead of the real time, in seconds. */
  const ahead = () => ((all.at(-1)?.storeClock ?? 0) - Date.now()) / 1_000
  /** What everybody remembers, and what they read again. */
  const goOn = async () => {
    await call({ callers: 3, times: 5, pauseMs: 100 })
    await pass(minute)
    await call({ callers: 3, times: 5, pauseMs: 100 })
  }
  await call({ callers: 1 })
  await pass(hour)
  await zoho.addFault({ on: 'token', kind: 'latency', seconds: 1, times: 1 })
  const [before, aheadBefore] = [(await zoho.calls()).token, ahead() + hour]
  const underWay = call({ callers: 10 })
  await sleep(500)
  turn(seconds)
  await underWay
  await goOn()
  const [away, storeJumped] = [
    (await zoho.calls()).token,
    Math.round((ahead() - aheadBefore - minute) / hour),
  ]
  turn(-seconds)
  await goOn()
  const back = (await zoho.calls()).token
  const failures = all.flatMap((one) => one.failures)
  const commands = Math.max(...all.map(({ storeCommands }) => storeCommands))
  const expected = name === 'sqlite' || whose === storesHost ? seconds / hour : 0
  return {
    part: 'clocks',
    store: name,
    what: `M20 ${whose}: ${seconds > 0 ? '+' : '-'}1 day in mid-refresh, and back`,
    figures: {
      calls: all.reduce((sum, one) => sum + one.calls, 0),
      failures: tally(failures),
      'token calls': away - before,
      'after it went back': back - away,
      'most store commands at once': commands,
      'store time jumped hours': storeJumped,
    },
    target: `failures none, at most 2 calls each, below 100 commands, ${expected} hours`,
    ok:
      failures.length === 0 &&
      away - before >= 1 &&
      away - before <= 2 &&
      back - away <= 2 &&
      commands < 100 &&
      storeJumped === expected,
  }
}
