import type { Command, CallerResults } from './app-process.ts'
import { ascending, quantile, tally, times } from './figures.ts'
import { connectWithExpiredTokens, createCluster, type Cluster } from './cluster.ts'
import { slackMs, type TestContext, type Experiment, type Row } from './experiment.ts'
import type { StoreName } from './stores.ts'

/**
 * Many callers in many processes find the same expired token at the same time: exactly one of them
 * refreshes it, for all.
 */
export const rounds: Experiment = {
  name: 'rounds',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(...(await runOnStore(context, store)))
    return rows
  },
}

interface Round {
  readonly latencyMs: number
  readonly calls: number
  readonly results: readonly CallerResults[]
}

const runOnStore = async (context: TestContext, store: StoreName): Promise<Row[]> => {
  const scale = context.short
    ? { processes: 4, callers: 200, rounds: 3 }
    : { processes: 8, callers: 1_000, rounds: 25 }
  const cluster = await createCluster(context, store, scale.processes)
  // One connection for each round, because core refreshes with one refresh token at most five times
  // in ten minutes.
  const ids = ['cold', ...times(scale.rounds, (round) => `round-${round}`)]
  await connectWithExpiredTokens(cluster, ids)
  const all: Round[] = []
  for (const [index, id] of ids.entries())
    all.push(await runRound(cluster, id, scale.callers, latencyOf(index, scale.rounds)))
  return rowsOf(
    context,
    store,
    all,
    `${scale.processes} processes x ${scale.callers} callers x ${scale.rounds} rounds + 1 cold`,
  )
}

/** Grows from 200 to 800 ms, so that no poll interval of the waiters fits all rounds by chance. */
const latencyOf = (index: number, roundCount: number): number =>
  200 + Math.round((600 * index) / roundCount)

const runRound = async (
  { zoho, others }: Cluster,
  id: string,
  callers: number,
  latencyMs: number,
): Promise<Round> => {
  await zoho.clearFaults()
  await zoho.addFault({ on: 'token', kind: 'latency', seconds: latencyMs / 1_000 })
  const before = await zoho.calls()
  const at = Date.now() + 100
  const results = await Promise.all(
    others.map((other) =>
      other.request<CallerResults>({ do: 'access-token', id, callers, at } satisfies Command),
    ),
  )
  return { latencyMs, results, calls: (await zoho.calls()).token - before.token }
}

/**
 * The first round is an extra one, in which the processes still compile their code. Its calls are
 * checked; its time is only reported.
 */
const rowsOf = (
  context: TestContext,
  store: StoreName,
  all: readonly Round[],
  what: string,
): Row[] => {
  const calls = all.map((round) => round.calls)
  const errors = all.flatMap(({ results }) => results.flatMap((result) => result.errors))
  const tokenCounts = all.map(
    ({ results }) => new Set(results.flatMap((result) => result.values)).size,
  )
  const overheadOf = (some: readonly Round[]) =>
    ascending(
      some.flatMap(({ results, latencyMs }) =>
        results.flatMap(({ waitedMs }) => waitedMs.map((ms) => ms - latencyMs)),
      ),
    )
  const overheadMs = overheadOf(all.slice(1))
  const slowestMs = quantile(overheadMs, 1)
  const row = { experiment: 'rounds', store }
  return [
    {
      ...row,
      what,
      figures: {
        'token calls': calls.reduce((sum, count) => sum + count, 0),
        'most in a round': Math.max(...calls),
      },
      target: 'exactly 1 in each',
      ok: calls.every((count) => count === 1),
    },
    {
      ...row,
      what: 'responses',
      figures: { errors: tally(errors), 'access tokens in a round': Math.max(...tokenCounts) },
      target: 'errors none, 1 access token',
      ok: errors.length === 0 && tokenCounts.every((count) => count === 1),
    },
    {
      ...row,
      what: 'waited beyond the endpoint latency',
      figures: {
        'p50 ms': quantile(overheadMs, 0.5),
        'p99 ms': quantile(overheadMs, 0.99),
        'slowest ms': slowestMs,
        'slowest of cold processes ms': quantile(overheadOf(all.slice(0, 1)), 1),
      },
      target: 'slowest at most 500 ms',
      ok: slowestMs <= 500 + slackMs(context),
    },
  ]
}
