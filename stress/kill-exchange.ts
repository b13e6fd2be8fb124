import type { JournalEntry } from '@zrecruit/oauth-emulator'
import type { Command, CallerResults } from './app-process.ts'
import { consent } from './consent.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import type { Cluster } from './cluster.ts'
import { startTargetProcess } from './target.ts'

interface KilledExchange {
  readonly step: string
  readonly id: string
  /** The HTTP status when the browser sends the callback again to another process. */
  readonly callbackStatus: number
  readonly errors: readonly string[]
  /** The number of token requests with an authorization code, and how many of them Zoho refused. */
  readonly codes: number
  readonly refusedCodes: number
  /** The last six characters of each refresh token that Zoho issued. */
  readonly issued: readonly string[]
}

/**
 * Kills the process during a code exchange, at each step. Then the browser sends the same callback
 * to another process.
 * @param isReconsent the connection already exists: its tokens must stay usable until the new ones
 * are stored
 */
export const killExchange = async (
  cluster: Cluster,
  steps: readonly string[],
  isReconsent: boolean,
): Promise<CrashReport> => {
  const verb = isReconsent ? 're-consent' : 'exchange'
  const idOf = (step: string) => `${verb}, ${step}`
  let lastKilledAt = 0
  // An orphan is a refresh token that no record contains. A kill may leave an orphan after Zoho has
  // issued the token, until the write that stores it is acknowledged.
  const issuedStep = steps.indexOf('POST /oauth/v2/token 1: sent')
  const storedStep = steps.indexOf('write 2: answered')
  const mayLeaveOrphan = (index: number) =>
    index >= issuedStep && (storedStep < 0 || index < storedStep)

  const killAt = (step: string): Promise<KilledExchange> =>
    cluster.runExclusively(async () => {
      const id = idOf(step)
      const [watcher, ...others] = cluster.others
      if (isReconsent && watcher) await cluster.connect(watcher, id)
      const callback = await consent(cluster.settings.zoho, id)
      const before = (await cluster.journal()).length
      const targetProcess = await startTargetProcess(
        cluster.context,
        cluster.settings,
        { step, signal: 'SIGKILL' },
        async () => ({ verb: 'exchange', callback }),
      )
      await targetProcess.firstWrite
      const calls = Promise.all(
        others.map((other) =>
          other.request<CallerResults>({
            do: isReconsent ? 'access-token' : 'status',
            id,
            callers: cluster.callers,
          } satisfies Command),
        ),
      )
      lastKilledAt = await targetProcess.signaled
      const results = await calls
      const callbackStatus =
        (await watcher?.request<number>({ do: 'callback', callback } satisfies Command)) ?? 0
      const entries = (await cluster.journal()).slice(before)
      const codes = entries.filter(
        (entry) => entry.event === 'called' && entry.grantType === 'authorization_code',
      )
      const refused = codes.filter(
        (entry) => entry.event === 'called' && entry.response !== 'ok' && entry.status !== null,
      )
      return {
        step,
        id,
        callbackStatus,
        errors: results.flatMap((result) => result.errors),
        codes: codes.length,
        refusedCodes: refused.length,
        issued: refreshTokensIn(entries),
      }
    })
  const all = await Promise.all(steps.map(killAt))

  return {
    lastKilledAt,
    async checkAfterRecovery(freshProcess, { consentFailed }) {
      const verdicts = []
      let orphans = 0
      for (const [
        index,
        { step, id, callbackStatus, errors, codes, refusedCodes, issued },
      ] of all.entries()) {
        const { values } = await freshProcess.request<CallerResults>({
          do: 'access-token',
          id,
          callers: 1,
        } satisfies Command)
        const works =
          values.length > 0 &&
          (await freshProcess.request<number>({ do: 'call-recruit', id } satisfies Command)) === 200
        const kept = await refreshTokenOf(cluster, values[0])
        const orphaned = issued.filter((token) => token !== kept)
        orphans += orphaned.length
        const failed = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`the code was sent ${codes} times`]: codes <= 1 && refusedCodes === 0,
          [`the repeated callback was answered ${callbackStatus}`]:
            callbackStatus === 303 || (callbackStatus >= 400 && callbackStatus < 500),
          'the connection does not work':
            works || (!isReconsent && (orphaned.length > 0 || issued.length === 0)),
          [`${orphaned.length} refresh tokens have no record`]:
            orphaned.length <= (mayLeaveOrphan(index) ? 1 : 0),
          'a refresh token without a record was not reported':
            orphaned.length === 0 || consentFailed.includes(id),
        })
        verdicts.push({ step, failed })
      }
      const figures = {
        'codes sent twice': all.filter(({ codes }) => codes > 1).length,
        errors: all.flatMap(({ errors }) => errors).length,
        orphans,
      }
      const target =
        "codes sent twice 0, errors 0, orphans only if killed between Zoho's response and the " +
        `write, and reported${isReconsent ? ', the connection works' : ''}`
      return rowOf(cluster, 'kill', verb, verdicts, figures, target)
    },
  }
}

const refreshTokensIn = (entries: readonly JournalEntry[]): string[] =>
  entries.flatMap((entry) =>
    entry.event === 'issued' && entry.tokenType === 'refresh_token' ? [entry.token] : [],
  )

/** The last six characters of the refresh token with which a live access token was issued. */
const refreshTokenOf = async (
  { zoho }: Cluster,
  accessToken: string | undefined,
): Promise<string | undefined> =>
  (await zoho.tokens()).accessTokens
    .find(({ token }) => token === accessToken)
    ?.refreshToken?.slice(-6)
