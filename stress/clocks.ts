import { setTimeout as sleep } from 'node:timers/promises'
import type { HostClock } from './clocks/host-clock.ts'
import type { CallResults, ClockCommand } from './clocks/process.ts'
import { createSetup, type Setup } from './clocks/setup.ts'
import { tally } from './figures.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Wall clocks of the app's hosts and of the store's host differ and jump, in real processes under
 * libfaketime. SQLite uses the clock of the process that opens it, so each process has its own
 * store time. Redis does not start under libfaketime; instead, `asOf` of its responses is shifted.
 */
export const clocks: Experiment = {
  name: 'clocks',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(...(await runOnStore(context, store)))
    return rows
  },
}

const storesHost = "the store's host"
/** In seconds. */
const minute = 60
const hour = 60 * minute
const day = 24 * hour

const runOnStore = async (context: TestContext, name: StoreName): Promise<Row[]> => {
  const setup = await createSetup(context, name)
  const rows = [await runWithSkew(setup, context.short ? 2 : 24)]
  setup.align()
  for (const seconds of [day, -day]) {
    rows.push(
      await runWithJump(
        setup,
        'the hosts of the apps',
        seconds,
        setup.hosts.map(({ clock }) => clock),
      ),
    )
    if (setup.storeClock)
      rows.push(await runWithJump(setup, storesHost, seconds, [setup.storeClock]))
  }
  return rows
}

/** M19: hours pass in steps of ten minutes; every process calls the API in each step. */
const runWithSkew = async (
  { name, zoho, hosts, pass, connect }: Setup,
  hours: number,
): Promise<Row> => {
  await connect('skewed')
  const before = await zoho.calls()
  const failures: string[] = []
  const wallClocks: number[] = []
  let calls = 0
  for (let step = 0; step < 6 * hours; step++) {
    await pass(10 * minute)
    for (const { process } of hosts) {
      const result = await process.request<CallResults>({
        do: 'call',
        id: 'skewed',
        callers: 3,
      } satisfies ClockCommand)
      calls += result.calls
      failures.push(...result.failures)
      if (step === 0) wallClocks.push(result.wallClock)
    }
  }
  const tokens = (await zoho.calls()).token - before.token
  // A token is served for about 50 minutes. Permitted are the requests of one process alone, and
  // one more in each hour.
  const maxTokens = Math.ceil((hours * 60) / 46) + hours
  const secondsApart = Math.round((Math.max(...wallClocks) - Math.min(...wallClocks)) / 1_000)
  return {
    experiment: 'clocks',
    store: name,
    what: `M19 hosts 5 min ahead, 5 min behind, right: ${hours} hours`,
    figures: {
      'seconds apart': secondsApart,
      calls,
      failures: tally(failures),
      'token calls': tokens,
    },
    target: `failures none, at most ${maxTokens} calls (1 extra in an hour)`,
    ok: failures.length === 0 && tokens > 0 && tokens <= maxTokens && secondsApart >= 500,
  }
}

/** M20: clocks jump by a day during a refresh, and jump back later. */
const runWithJump = async (
  { name, zoho, hosts, pass, connect }: Setup,
  owner: string,
  seconds: number,
  jumpingClocks: readonly HostClock[],
): Promise<Row> => {
  const id = `jump of ${owner} by ${seconds}`
  await connect(id)
  const results: CallResults[] = []
  const call = async (command: { callers: number; times?: number; pauseMs?: number }) => {
    results.push(
      ...(await Promise.all(
        hosts.map(({ process }) =>
          process.request<CallResults>({ do: 'call', id, ...command } satisfies ClockCommand),
        ),
      )),
    )
  }
  const jump = (by: number) => jumpingClocks.forEach((clock) => clock.jump(by))
  /** How far the store's clock is ahead of the real time, in seconds. */
  const storeAheadSeconds = () => ((results.at(-1)?.storeClock ?? 0) - Date.now()) / 1_000
  /** Calls that use the cache, and calls that read the store again. */
  const callRepeatedly = async () => {
    await call({ callers: 3, times: 5, pauseMs: 100 })
    await pass(minute)
    await call({ callers: 3, times: 5, pauseMs: 100 })
  }
  await call({ callers: 1 })
  await pass(hour)
  await zoho.addFault({ on: 'token', kind: 'latency', seconds: 1, times: 1 })
  const tokensAtStart = (await zoho.calls()).token
  const expectedAhead = storeAheadSeconds() + hour + minute
  const refreshing = call({ callers: 10 })
  await sleep(500)
  jump(seconds)
  await refreshing
  await callRepeatedly()
  const tokensAfterJump = (await zoho.calls()).token
  const storeJumpHours = Math.round((storeAheadSeconds() - expectedAhead) / hour)
  jump(-seconds)
  await callRepeatedly()
  const callsAfterJump = tokensAfterJump - tokensAtStart
  const callsAfterReturn = (await zoho.calls()).token - tokensAfterJump
  const failures = results.flatMap((result) => result.failures)
  const commands = Math.max(...results.map(({ storeCommands }) => storeCommands))
  const expectedHours = name === 'sqlite' || owner === storesHost ? seconds / hour : 0
  return {
    experiment: 'clocks',
    store: name,
    what: `M20 ${owner}: ${seconds > 0 ? '+' : '-'}1 day during a refresh, and back`,
    figures: {
      calls: results.reduce((sum, result) => sum + result.calls, 0),
      failures: tally(failures),
      'token calls': callsAfterJump,
      'token calls after the return': callsAfterReturn,
      'most store commands at once': commands,
      'store time jumped hours': storeJumpHours,
    },
    target: `failures none, at most 2 calls each, below 100 commands, ${expectedHours} hours`,
    ok:
      failures.length === 0 &&
      callsAfterJump >= 1 &&
      callsAfterJump <= 2 &&
      callsAfterReturn <= 2 &&
      commands < 100 &&
      storeJumpHours === expectedHours,
  }
}
