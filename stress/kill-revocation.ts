import { setTimeout as sleep } from 'node:timers/promises'
import type { Order, Told } from './app-process.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import type { Cluster } from './cluster.ts'
import { grantedMs } from './experiment.ts'
import { startTargetProcess } from './target.ts'

/** For how long a process may go on with what it remembers. */
const memoryMs = 30_000

interface Seen {
  readonly step: string
  readonly id: string
  readonly refreshToken: string
  /** The intent to revoke was stored before the process died. */
  readonly intended: boolean
  /** Zoho has ended it, and here it is as it was. */
  readonly servedDead: boolean
  /** How long after the death somebody was still given a token. */
  readonly servedForMs: number
  readonly errors: readonly string[]
}

/**
 * The process dies while it revokes: where the intent is stored nobody is given a token, and a
 * sweep tells Zoho.
 */
export const killRevocation = async (
  ground: Cluster,
  steps: readonly string[],
): Promise<CrashReport> => {
  let endedAt = 0
  const access = (id: string, callers: number): Order => ({ do: 'access-token', id, callers })

  const dieAt = async (step: string): Promise<Seen> => {
    const id = `revocation, ${step}`
    const { diedAt, intended, servedDead, refreshToken, first } = await ground.inTurn(async () => {
      const [one] = ground.others
      const name = one ? await ground.connect(one, id) : ''
      // They remember it.
      await Promise.all(ground.others.map((other) => other.ask<Told>(access(id, ground.callers))))
      const victim = await startTargetProcess(
        ground.bench,
        ground.settings,
        { step, signal: 'SIGKILL' },
        async () => ({ verb: 'revoke', id }),
      )
      const at = await victim.struck
      const newcomer = await ground.newcomer()
      const { told } = await newcomer.ask<Told>({ do: 'status', id, callers: 1 } satisfies Order)
      const isIntended = told[0] !== 'active'
      return {
        diedAt: at,
        intended: isIntended,
        servedDead: !isIntended && !(await livesAtZoho(ground, name)),
        refreshToken: name,
        first: await newcomer.ask<Told>(access(id, ground.callers)),
      }
    })
    endedAt = Math.max(endedAt, diedAt)
    const { servedForMs, errors } = intended
      ? await untilRefused(ground, id, diedAt)
      : { servedForMs: 0, errors: [] }
    return {
      step,
      id,
      intended,
      servedDead,
      refreshToken,
      servedForMs: intended && first.told.length > 0 ? Infinity : servedForMs,
      errors: [...(intended ? [] : first.errors), ...errors],
    }
  }
  const all = await Promise.all(steps.map(dieAt))

  return {
    endedAt,
    async afterSweep(newcomer) {
      const verdicts = []
      for (const { step, id, refreshToken, intended, servedDead, servedForMs, errors } of all) {
        // Who saw the request fail before anything was stored asks again.
        const again = intended
          ? 'ok'
          : await newcomer.ask<string>({ do: 'revoke', id } satisfies Order)
        const status = (await newcomer.ask<Told>({ do: 'status', id, callers: 1 } satisfies Order))
          .told[0]
        const wrong = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`a token was handed out for ${servedForMs} ms`]:
            servedForMs <= memoryMs + grantedMs(ground.bench),
          [`asked again it failed: ${again}`]: again === 'ok',
          [`it is ${status}`]: status === 'revoked',
          'the refresh token lives': !(await livesAtZoho(ground, refreshToken)),
          'Zoho ended it before the intent was stored': !servedDead,
        })
        verdicts.push({ step, wrong })
      }
      const figures = {
        'served from memory ms at most': Math.max(...all.map((seen) => seen.servedForMs)),
        errors: all.flatMap((seen) => seen.errors).length,
        'stored before the death': all.filter((seen) => seen.intended).length,
      }
      return rowOf(
        ground,
        'kill',
        'revocation',
        verdicts,
        figures,
        'served from memory ms at most 30000, errors 0 but for being disconnected, all ' +
          'revoked here and at Zoho',
      )
    },
  }
}

const livesAtZoho = async ({ zoho }: Cluster, refreshToken: string): Promise<boolean> =>
  (await zoho.tokens()).refreshTokens.some(({ token }) => token.endsWith(refreshToken))

/** Asks those who remember it, once a second, until each of them says that it is disconnected. */
const untilRefused = async (
  { others }: Cluster,
  id: string,
  diedAt: number,
): Promise<Pick<Seen, 'servedForMs' | 'errors'>> => {
  for (let servedAt = diedAt; ;) {
    const told = await Promise.all(
      others.map((one) => one.ask<Told>({ do: 'access-token', id, callers: 1 } satisfies Order)),
    )
    const now = performance.now()
    if (told.some((one) => one.told.length > 0)) servedAt = now
    const errors = told.flatMap((one) => one.errors).filter((code) => code !== 'connection-revoked')
    const refused = told.every((one) => one.told.length === 0)
    if (refused || errors.length > 0 || now - diedAt > 2 * memoryMs)
      return { servedForMs: Math.round(servedAt - diedAt), errors }
    await sleep(1_000)
  }
}
