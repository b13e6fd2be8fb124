import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, CallerResults } from './app-process.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import type { Cluster } from './cluster.ts'
import { slackMs } from './experiment.ts'
import { startTargetProcess } from './target.ts'

/** How long a process may serve from its cache. */
const cacheMs = 30_000

interface KilledRevocation {
  readonly step: string
  readonly id: string
  readonly refreshToken: string
  /** The pending revocation was stored before the process was killed. */
  readonly isStored: boolean
  /** Zoho has revoked the token, but the stored connection is unchanged. */
  readonly isDeadAtZohoOnly: boolean
  /** How long after the kill another process still served a token. */
  readonly servedForMs: number
  readonly errors: readonly string[]
}

/**
 * Kills the process during a revocation. If the pending revocation is stored, no process serves a
 * token any more, and `recover()` finishes the revocation at Zoho.
 */
export const killRevocation = async (
  cluster: Cluster,
  steps: readonly string[],
): Promise<CrashReport> => {
  let lastKilledAt = 0
  const accessToken = (id: string, callers: number): Command => ({
    do: 'access-token',
    id,
    callers,
  })

  const killAt = async (step: string): Promise<KilledRevocation> => {
    const id = `revocation, ${step}`
    const { killedAt, isStored, isDeadAtZohoOnly, refreshToken, firstResults } =
      await cluster.runExclusively(async () => {
        const [connector] = cluster.others
        const name = connector ? await cluster.connect(connector, id) : ''
        // Fills the caches of the other processes.
        await Promise.all(
          cluster.others.map((other) =>
            other.request<CallerResults>(accessToken(id, cluster.callers)),
          ),
        )
        const targetProcess = await startTargetProcess(
          cluster.context,
          cluster.settings,
          { step, signal: 'SIGKILL' },
          async () => ({ verb: 'revoke', id }),
        )
        const at = await targetProcess.signaled
        const freshProcess = await cluster.startFreshProcess()
        const { values } = await freshProcess.request<CallerResults>({
          do: 'status',
          id,
          callers: 1,
        } satisfies Command)
        const isRevocationStored = values[0] !== 'active'
        return {
          killedAt: at,
          isStored: isRevocationStored,
          isDeadAtZohoOnly: !isRevocationStored && !(await isLiveAtZoho(cluster, name)),
          refreshToken: name,
          firstResults: await freshProcess.request<CallerResults>(accessToken(id, cluster.callers)),
        }
      })
    lastKilledAt = Math.max(lastKilledAt, killedAt)
    const { servedForMs, errors } = isStored
      ? await waitUntilRefused(cluster, id, killedAt)
      : { servedForMs: 0, errors: [] }
    return {
      step,
      id,
      isStored,
      isDeadAtZohoOnly,
      refreshToken,
      servedForMs: isStored && firstResults.values.length > 0 ? Infinity : servedForMs,
      errors: [...(isStored ? [] : firstResults.errors), ...errors],
    }
  }
  const all = await Promise.all(steps.map(killAt))

  return {
    lastKilledAt,
    async checkAfterRecovery(freshProcess) {
      const verdicts = []
      for (const killed of all) {
        const { step, id, refreshToken, isStored, isDeadAtZohoOnly, servedForMs, errors } = killed
        // If nothing was stored, the user sees a failed request and repeats it.
        const secondAttempt = isStored
          ? 'ok'
          : await freshProcess.request<string>({ do: 'revoke', id } satisfies Command)
        const status = (
          await freshProcess.request<CallerResults>({
            do: 'status',
            id,
            callers: 1,
          } satisfies Command)
        ).values[0]
        const failed = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`a token was served for ${servedForMs} ms`]:
            servedForMs <= cacheMs + slackMs(cluster.context),
          [`the second attempt failed: ${secondAttempt}`]: secondAttempt === 'ok',
          [`the status is ${status}`]: status === 'revoked',
          'the refresh token is live': !(await isLiveAtZoho(cluster, refreshToken)),
          'Zoho revoked it before the pending revocation was stored': !isDeadAtZohoOnly,
        })
        verdicts.push({ step, failed })
      }
      const figures = {
        'served from cache ms at most': Math.max(...all.map(({ servedForMs }) => servedForMs)),
        errors: all.flatMap(({ errors }) => errors).length,
        'stored before the kill': all.filter(({ isStored }) => isStored).length,
      }
      return rowOf(
        cluster,
        'kill',
        'revocation',
        verdicts,
        figures,
        'served from cache ms at most 30000, errors 0 except connection-revoked, all ' +
          'revoked here and at Zoho',
      )
    },
  }
}

const isLiveAtZoho = async ({ zoho }: Cluster, refreshToken: string): Promise<boolean> =>
  (await zoho.tokens()).refreshTokens.some(({ token }) => token.endsWith(refreshToken))

/**
 * Requests a token once a second from the processes that have one in their cache, until all of
 * them refuse.
 */
const waitUntilRefused = async (
  { others }: Cluster,
  id: string,
  killedAt: number,
): Promise<Pick<KilledRevocation, 'servedForMs' | 'errors'>> => {
  let servedAt = killedAt
  for (;;) {
    const results = await Promise.all(
      others.map((other) =>
        other.request<CallerResults>({ do: 'access-token', id, callers: 1 } satisfies Command),
      ),
    )
    const now = performance.now()
    if (results.some(({ values }) => values.length > 0)) servedAt = now
    const errors = results
      .flatMap((result) => result.errors)
      .filter((code) => code !== 'connection-revoked')
    const isRefused = results.every(({ values }) => values.length === 0)
    if (isRefused || errors.length > 0 || now - killedAt > 2 * cacheMs)
      return { servedForMs: Math.round(servedAt - killedAt), errors }
    await sleep(1_000)
  }
}
