import type { Order, Told } from './app-process.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import { connectAnHourAgo, refreshesOf, type Cluster } from './cluster.ts'
import { grantedMs } from './experiment.ts'
import { startTargetProcess } from './target.ts'

const leaseMs = 9_000

interface Seen {
  readonly step: string
  readonly id: string
  readonly recoveryMs: number
  readonly errors: readonly string[]
  readonly tokens: readonly string[]
}

const idOf = (step: string) => `refresh, ${step}`

/**
 * Connections whose access token has expired, one for each step, and what the journal calls the
 * refresh token of each.
 */
interface Expired {
  readonly steps: readonly string[]
  readonly names: ReadonlyMap<string, string>
}

export const expiredFor = async (ground: Cluster, steps: readonly string[]): Promise<Expired> => ({
  steps,
  names: await connectAnHourAgo(ground, steps.map(idOf)),
})

/** The holder dies while callers in other processes wait for its token. */
export const killRefresh = async (
  ground: Cluster,
  { steps, names }: Expired,
): Promise<CrashReport> => {
  let endedAt = 0

  const dieAt = async (step: string): Promise<Seen> => {
    const id = idOf(step)
    const { asked, diedAt } = await ground.inTurn(async () => {
      const victim = await startTargetProcess(
        ground.bench,
        ground.settings,
        { step, signal: 'SIGKILL' },
        async () => ({ verb: 'refresh', id }),
      )
      await victim.wrote // From here on nobody can take the lease before it.
      const all = Promise.all(
        ground.others.map((one) =>
          one.ask<Told>({ do: 'access-token', id, callers: ground.callers } satisfies Order),
        ),
      )
      return { asked: { all }, diedAt: await victim.struck }
    })
    const told = await asked.all
    await ground.journal()
    endedAt = Math.max(endedAt, diedAt)
    return {
      step,
      id,
      recoveryMs: Math.round(performance.now() - diedAt),
      errors: told.flatMap((one) => one.errors),
      tokens: [...new Set(told.flatMap((one) => one.told))],
    }
  }
  const all = await Promise.all(steps.map(dieAt))

  return {
    endedAt,
    async afterSweep(newcomer) {
      const journal = await ground.journal()
      const calls = new Map(all.map(({ id }) => [id, refreshesOf(journal, names.get(id))]))
      const verdicts = []
      for (const { step, id, recoveryMs, errors, tokens } of all) {
        const now = await newcomer.ask<Told>({ do: 'access-token', id, callers: 1 } satisfies Order)
        const works =
          (await newcomer.ask<number>({ do: 'call-recruit', id } satisfies Order)) === 200
        const wrong = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`${calls.get(id)} token calls`]: [1, 2].includes(calls.get(id) ?? 0),
          [`recovered after ${recoveryMs} ms`]:
            recoveryMs <= leaseMs + 1_000 + grantedMs(ground.bench),
          'another token is stored than was handed out':
            tokens.length === 1 && now.told[0] === tokens[0],
          'the stored token does not work': works,
        })
        verdicts.push({ step, wrong })
      }
      const figures = {
        'token calls at most': Math.max(...calls.values()),
        errors: all.flatMap(({ errors }) => errors).length,
        'recovery ms at most': Math.max(...all.map((one) => one.recoveryMs)),
      }
      return rowOf(
        ground,
        'kill',
        'refresh',
        verdicts,
        figures,
        'token calls at most 2, errors 0, recovery ms at most 10000, what was handed out is ' +
          'stored and works',
      )
    },
  }
}
