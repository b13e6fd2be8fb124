import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, CallerResults } from './app-process.ts'
import type { Process } from './child.ts'
import { rowOf, failedChecks, type Verdict } from './crash-report.ts'
import { tally } from './figures.ts'
import { connectWithExpiredTokens, createCluster, countRefreshes, type Cluster } from './cluster.ts'
import { slackMs, type TestContext, type Experiment, type Row } from './experiment.ts'
import type { StoreName } from './stores.ts'
import { startTargetProcess, recordSteps, type TargetProcess } from './target.ts'
import type { OperationResult } from './target-process.ts'

const leaseMs = 9_000

/**
 * Stops the lease holder by SIGSTOP for three leases, at every step of a refresh, and continues it.
 * The process then still believes that it holds the lease, and has a response or a write in
 * progress.
 */
export const stop: Experiment = {
  name: 'stop',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(await runOnStore(context, store))
    return rows
  },
}

interface StoppedRefresh {
  readonly step: string
  readonly id: string
  readonly targetProcess: TargetProcess
  readonly stoppedAt: number
  readonly others: Promise<{
    readonly results: readonly CallerResults[]
    readonly recoveryMs: number
  }>
}

const runOnStore = async (context: TestContext, store: StoreName): Promise<Row> => {
  const cluster = await createCluster(context, store)
  await cluster.zoho.addFault({ on: 'token', kind: 'latency', seconds: 0.3 })
  const steps = context.short ? criticalSteps : await everyStep(cluster)
  const names = await connectWithExpiredTokens(cluster, steps.map(idOf))
  const all: StoppedRefresh[] = []
  for (const step of steps) all.push(await stopAt(cluster, step))
  await sleep(
    Math.max(...all.map(({ stoppedAt }) => stoppedAt)) +
      (context.short ? leaseMs + 2_000 : 3 * leaseMs) -
      performance.now(),
  )
  const freshProcess = await cluster.startFreshProcess()
  const results = []
  for (const stopped of all)
    results.push(await resume(cluster, freshProcess, stopped, names.get(stopped.id)))
  const figures = {
    'token calls at most': Math.max(...results.map(({ calls }) => calls)),
    'errors of others': results.reduce((sum, { errors }) => sum + errors, 0),
    'recovery ms at most': Math.max(...results.map(({ recoveryMs }) => recoveryMs)),
    'late writes refused': results.reduce((sum, { refusedWrites }) => sum + refusedWrites, 0),
    'resumed callers': tally(results.map(({ resumed }) => resumed)),
  }
  const hasRefusedNone = figures['late writes refused'] === 0
  return rowOf(
    cluster,
    'stop',
    `refresh, stopped for ${context.short ? 'more than a lease,' : 'three leases,'}`,
    results,
    figures,
    'token calls at most 2, errors of others 0, recovery ms at most 10000, late writes ' +
      'refused at least 1',
    hasRefusedNone,
  )
}

const idOf = (step: string) => `stopped, ${step}`

/** Before the token request, after its response, and before the write. */
const criticalSteps = [
  'POST /oauth/v2/token 1: before',
  'POST /oauth/v2/token 1: answered',
  'write 2: before',
]

const everyStep = async (cluster: Cluster): Promise<readonly string[]> => {
  await connectWithExpiredTokens(cluster, ['to refresh'])
  return recordSteps(cluster.context, cluster.settings, { verb: 'refresh', id: 'to refresh' })
}

const stopAt = async (cluster: Cluster, step: string): Promise<StoppedRefresh> => {
  const id = idOf(step)
  const targetProcess = await startTargetProcess(
    cluster.context,
    cluster.settings,
    { step, signal: 'SIGSTOP' },
    async () => ({ verb: 'refresh', id }),
  )
  await targetProcess.firstWrite
  const calls = Promise.all(
    cluster.others.map((other) =>
      other.request<CallerResults>({
        do: 'access-token',
        id,
        callers: cluster.callers,
      } satisfies Command),
    ),
  )
  const stoppedAt = await targetProcess.signaled
  return {
    step,
    id,
    targetProcess,
    stoppedAt,
    others: calls.then((results) => ({
      results,
      recoveryMs: Math.round(performance.now() - stoppedAt),
    })),
  }
}

const resume = async (
  cluster: Cluster,
  freshProcess: Process,
  { step, id, targetProcess, others }: StoppedRefresh,
  refreshToken: string | undefined,
) => {
  const { results, recoveryMs } = await others
  targetProcess.process.kill('SIGCONT')
  const resumed = await targetProcess.result
  const later = await targetProcess.process.request<OperationResult>({ verb: 'refresh', id })
  const stored = (
    await freshProcess.request<CallerResults>({
      do: 'access-token',
      id,
      callers: 1,
    } satisfies Command)
  ).values[0]
  const calls = countRefreshes(await cluster.journal(), refreshToken)
  const liveTokens = new Set((await cluster.zoho.tokens()).accessTokens.map(({ token }) => token))
  const errors = results.flatMap((result) => result.errors)
  const tokens = [...new Set(results.flatMap((result) => result.values))]
  const verdict: Verdict = {
    step,
    failed: failedChecks({
      [`errors: ${errors[0]}`]: errors.length === 0,
      [`${calls} token calls`]: calls === 1 || calls === 2,
      [`recovered after ${recoveryMs} ms`]:
        recoveryMs <= leaseMs + 1_000 + slackMs(cluster.context),
      'the stored token is not the one that callers got':
        tokens.length === 1 && tokens[0] === stored,
      'the stored token does not work': liveTokens.has(stored ?? ''),
      // The time limits of the stopped process are over (18 s in all, 1 s for a store command), so
      // its caller may have to retry.
      [`after SIGCONT its caller got ${resumed.outcome}`]:
        resumed.outcome === 'ok'
          ? liveTokens.has(resumed.accessToken ?? '')
          : resumed.remedy === 'retry',
      [`its next caller got ${later.outcome}`]: liveTokens.has(later.accessToken ?? ''),
    }),
  }
  return {
    ...verdict,
    calls,
    errors: errors.length,
    recoveryMs,
    resumed: resumed.outcome,
    refusedWrites: later.refusedWrites,
  }
}
