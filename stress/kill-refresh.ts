import type { Command, CallerResults } from './app-process.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import { connectWithExpiredTokens, countRefreshes, type Cluster } from './cluster.ts'
import { slackMs } from './experiment.ts'
import { startTargetProcess } from './target.ts'

const leaseMs = 9_000

interface KilledRefresh {
  readonly step: string
  readonly id: string
  readonly recoveryMs: number
  readonly errors: readonly string[]
  readonly tokens: readonly string[]
}

const idOf = (step: string) => `refresh, ${step}`

/** One connection with an expired access token for each step. */
interface ExpiredConnections {
  readonly steps: readonly string[]
  /** The journal's name of each connection's refresh token. */
  readonly names: ReadonlyMap<string, string>
}

export const createExpired = async (
  cluster: Cluster,
  steps: readonly string[],
): Promise<ExpiredConnections> => ({
  steps,
  names: await connectWithExpiredTokens(cluster, steps.map(idOf)),
})

/** Kills the lease holder while callers in other processes wait for its token. */
export const killRefresh = async (
  cluster: Cluster,
  { steps, names }: ExpiredConnections,
): Promise<CrashReport> => {
  let lastKilledAt = 0

  const killAt = async (step: string): Promise<KilledRefresh> => {
    const id = idOf(step)
    const { callsOfOthers, killedAt } = await cluster.runExclusively(async () => {
      const targetProcess = await startTargetProcess(
        cluster.context,
        cluster.settings,
        { step, signal: 'SIGKILL' },
        async () => ({ verb: 'refresh', id }),
      )
      await targetProcess.firstWrite // Now no other process can take the lease first.
      const otherCalls = Promise.all(
        cluster.others.map((other) =>
          other.request<CallerResults>({
            do: 'access-token',
            id,
            callers: cluster.callers,
          } satisfies Command),
        ),
      )
      return { callsOfOthers: otherCalls, killedAt: await targetProcess.signaled }
    })
    const results = await callsOfOthers
    await cluster.journal()
    lastKilledAt = Math.max(lastKilledAt, killedAt)
    return {
      step,
      id,
      recoveryMs: Math.round(performance.now() - killedAt),
      errors: results.flatMap((result) => result.errors),
      tokens: [...new Set(results.flatMap((result) => result.values))],
    }
  }
  const all = await Promise.all(steps.map(killAt))

  return {
    lastKilledAt,
    async checkAfterRecovery(freshProcess) {
      const journal = await cluster.journal()
      const calls = new Map(all.map(({ id }) => [id, countRefreshes(journal, names.get(id))]))
      const verdicts = []
      for (const { step, id, recoveryMs, errors, tokens } of all) {
        const now = await freshProcess.request<CallerResults>({
          do: 'access-token',
          id,
          callers: 1,
        } satisfies Command)
        const works =
          (await freshProcess.request<number>({ do: 'call-recruit', id } satisfies Command)) === 200
        const failed = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`${calls.get(id)} token calls`]: [1, 2].includes(calls.get(id) ?? 0),
          [`recovered after ${recoveryMs} ms`]:
            recoveryMs <= leaseMs + 1_000 + slackMs(cluster.context),
          'the stored token is not the one that callers got':
            tokens.length === 1 && now.values[0] === tokens[0],
          'the stored token does not work': works,
        })
        verdicts.push({ step, failed })
      }
      const figures = {
        'token calls at most': Math.max(...calls.values()),
        errors: all.flatMap(({ errors }) => errors).length,
        'recovery ms at most': Math.max(...all.map(({ recoveryMs }) => recoveryMs)),
      }
      return rowOf(
        cluster,
        'kill',
        'refresh',
        verdicts,
        figures,
        'token calls at most 2, errors 0, recovery ms at most 10000, the served token is ' +
          'stored and works',
      )
    },
  }
}
