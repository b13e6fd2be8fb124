import type { Order, Told } from './app-process.ts'
import { ascending, quantile, tally, times } from './figures.ts'
import { connectAnHourAgo, createCluster, type Cluster } from './cluster.ts'
import { grantedMs, type TestContext, type Experiment, type Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Many callers in many processes meet one expired token at the same moment: one of them refreshes,
 * for all.
 */
export const rounds: Experiment = {
  name: 'rounds',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(...(await on(bench, store)))
    return rows
  },
}

interface Round {
  readonly latencyMs: number
  readonly calls: number
  readonly told: readonly Told[]
}

const on = async (bench: TestContext, store: StoreName): Promise<Row[]> => {
  const scale = bench.short
    ? { processes: 4, callers: 200, rounds: 3 }
    : { processes: 8, callers: 1_000, rounds: 25 }
  const ground = await createCluster(bench, store, scale.processes)
  // One connection for each round: five refreshes in ten minutes are all that one refresh token is
  // given.
  const ids = ['cold', ...times(scale.rounds, (round) => `round-${round}`)]
  await connectAnHourAgo(ground, ids)
  const all: Round[] = []
  for (const [index, id] of ids.entries())
    all.push(await round(ground, id, scale.callers, latencyOf(index, scale.rounds)))
  return rowsOf(
    bench,
    store,
    all,
    `${scale.processes} processes x ${scale.callers} callers x ${scale.rounds} rounds + 1 cold`,
  )
}

/** From 200 to 800 ms: no pause between two looks at the store fits all of them by chance. */
const latencyOf = (index: number, roundCount: number): number =>
  200 + Math.round((600 * index) / roundCount)

const round = async (
  { zoho, others }: Cluster,
  id: string,
  callers: number,
  latencyMs: number,
): Promise<Round> => {
  await zoho.clearFaults()
  await zoho.addFault({ on: 'token', kind: 'latency', seconds: latencyMs / 1_000 })
  const before = await zoho.calls()
  const at = Date.now() + 100
  const told = await Promise.all(
    others.map((one) => one.ask<Told>({ do: 'access-token', id, callers, at } satisfies Order)),
  )
  return { latencyMs, told, calls: (await zoho.calls()).token - before.token }
}

/**
 * The first round is one more than asked for. It finds processes that compile what they run: its
 * calls count, its time is told and not judged.
 */
const rowsOf = (
  bench: TestContext,
  store: StoreName,
  all: readonly Round[],
  what: string,
): Row[] => {
  const calls = all.map((one) => one.calls)
  const errors = all.flatMap(({ told }) => told.flatMap((one) => one.errors))
  const tokens = all.map(({ told }) => new Set(told.flatMap((one) => one.told)).size)
  const beyondOf = (some: readonly Round[]) =>
    ascending(
      some.flatMap(({ told, latencyMs }) =>
        told.flatMap((one) => one.waitedMs.map((ms) => ms - latencyMs)),
      ),
    )
  const beyond = beyondOf(all.slice(1))
  const slowest = quantile(beyond, 1)
  const row = { part: 'rounds', store }
  return [
    {
      ...row,
      what,
      figures: {
        'token calls': calls.reduce((sum, one) => sum + one, 0),
        'most in a round': Math.max(...calls),
      },
      target: 'exactly 1 in each',
      ok: calls.every((one) => one === 1),
    },
    {
      ...row,
      what: 'answers',
      figures: { errors: tally(errors), 'access tokens in a round': Math.max(...tokens) },
      target: 'errors none, 1 access token',
      ok: errors.length === 0 && tokens.every((one) => one === 1),
    },
    {
      ...row,
      what: 'waited beyond the endpoint latency',
      figures: {
        'p50 ms': quantile(beyond, 0.5),
        'p99 ms': quantile(beyond, 0.99),
        'slowest ms': slowest,
        'slowest of cold processes ms': quantile(beyondOf(all.slice(0, 1)), 1),
      },
      target: 'slowest at most 500 ms',
      ok: slowest <= 500 + grantedMs(bench),
    },
  ]
}
