import type { JournalEntry } from '@zrecruit/oauth-emulator'
import type { Order, Told } from './app-process.ts'
import { consent } from './consent.ts'
import { rowOf, failedChecks, type CrashReport } from './crash-report.ts'
import type { Cluster } from './cluster.ts'
import { startTargetProcess } from './target.ts'

interface Seen {
  readonly step: string
  readonly id: string
  /** What the browser is answered that asks for the same address again. */
  readonly cameBack: number
  readonly errors: readonly string[]
  /** Requests with an authorization code that Zoho received, and those of them that it refused. */
  readonly codes: number
  readonly refusedCodes: number
  /** The last characters of the refresh tokens that Zoho made. */
  readonly made: readonly string[]
}

/**
 * The process dies while a code is exchanged; the person at the browser asks for the same address
 * again, of another one.
 * @param again the connection stands already: then its token set serves on, until the new one is
 * stored
 */
export const killExchange = async (
  ground: Cluster,
  steps: readonly string[],
  again: boolean,
): Promise<CrashReport> => {
  const verb = again ? 're-consent' : 'exchange'
  const idOf = (step: string) => `${verb}, ${step}`
  let endedAt = 0
  // From the moment on at which Zoho has made a refresh token, until the write that stores it was
  // acknowledged.
  const [madeStep, storedStep] = [
    steps.indexOf('POST /oauth/v2/token 1: sent'),
    steps.indexOf('write 2: answered'),
  ]
  const mayOrphan = (index: number) => index >= madeStep && (storedStep < 0 || index < storedStep)

  const dieAt = (step: string): Promise<Seen> =>
    ground.inTurn(async () => {
      const id = idOf(step)
      const [watcher, ...others] = ground.others
      if (again && watcher) await ground.connect(watcher, id)
      const callback = await consent(ground.settings.zoho, id)
      const before = (await ground.journal()).length
      const victim = await startTargetProcess(
        ground.bench,
        ground.settings,
        { step, signal: 'SIGKILL' },
        async () => ({ verb: 'exchange', callback }),
      )
      await victim.wrote
      const asked = Promise.all(
        others.map((one) =>
          one.ask<Told>({
            do: again ? 'access-token' : 'status',
            id,
            callers: ground.callers,
          } satisfies Order),
        ),
      )
      endedAt = await victim.struck
      const told = await asked
      const cameBack =
        (await watcher?.ask<number>({ do: 'come-back', callback } satisfies Order)) ?? 0
      const happened = (await ground.journal()).slice(before)
      const codes = happened.filter(
        (entry) => entry.event === 'called' && entry.grantType === 'authorization_code',
      )
      const refused = codes.filter(
        (entry) => entry.event === 'called' && entry.answer !== 'ok' && entry.status !== null,
      )
      return {
        step,
        id,
        cameBack,
        errors: told.flatMap((one) => one.errors),
        codes: codes.length,
        refusedCodes: refused.length,
        made: madeIn(happened),
      }
    })
  const all = await Promise.all(steps.map(dieAt))

  return {
    endedAt,
    async afterSweep(newcomer, { consentFailed }) {
      const verdicts = []
      let orphans = 0
      for (const [
        index,
        { step, id, cameBack, errors, codes, refusedCodes, made },
      ] of all.entries()) {
        const { told } = await newcomer.ask<Told>({
          do: 'access-token',
          id,
          callers: 1,
        } satisfies Order)
        const works =
          told.length > 0 &&
          (await newcomer.ask<number>({ do: 'call-recruit', id } satisfies Order)) === 200
        const kept = await refreshTokenOf(ground, told[0])
        const orphaned = made.filter((one) => one !== kept)
        orphans += orphaned.length
        const wrong = failedChecks({
          [`errors: ${errors[0]}`]: errors.length === 0,
          [`the code was sent ${codes} times`]: codes <= 1 && refusedCodes === 0,
          [`the same address again was answered ${cameBack}`]:
            cameBack === 303 || (cameBack >= 400 && cameBack < 500),
          'it is not connected': again ? works : works || orphaned.length > 0 || made.length === 0,
          [`${orphaned.length} refresh tokens have no record`]:
            orphaned.length <= (mayOrphan(index) ? 1 : 0),
          'a refresh token without a record was not told of':
            orphaned.length === 0 || consentFailed.includes(id),
        })
        verdicts.push({ step, wrong })
      }
      const figures = {
        'codes sent twice': all.filter(({ codes }) => codes > 1).length,
        errors: all.flatMap(({ errors }) => errors).length,
        orphans,
      }
      const target =
        "codes sent twice 0, errors 0, orphans only where it died between Zoho's answer and " +
        `the write, and told of${again ? ', the connection works' : ''}`
      return rowOf(ground, 'kill', verb, verdicts, figures, target)
    },
  }
}

const madeIn = (happened: readonly JournalEntry[]): string[] =>
  happened.flatMap((entry) =>
    entry.event === 'issued' && entry.tokenType === 'refresh_token' ? [entry.token] : [],
  )

/** The last characters of the refresh token from which a living access token was made. */
const refreshTokenOf = async (
  { zoho }: Cluster,
  accessToken: string | undefined,
): Promise<string | undefined> =>
  (await zoho.tokens()).accessTokens
    .find(({ token }) => token === accessToken)
    ?.refreshToken?.slice(-6)
