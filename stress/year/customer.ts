import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import type { Process, Processes, Who } from './processes.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Zoho } from './zoho.ts'

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** All that the customers' lives share. */
export interface Setup {
  readonly time: SimulatedTime
  readonly zoho: Zoho
  readonly processes: Processes
  readonly random: () => number
  readonly days: number
  readonly counts: {
    served: number
    waitedForCodes: number
    toldToWait: number
    afterRevocation: number
  }
  /** What callers met that they should not have met. */
  readonly errors: Record<string, number>
}

/** Zoho's 401, handed on: no other access token could be had. */
const endedToken = 'the API said 401'

/**
 * An endpoint gets one replacement token in ten minutes. Zoho's 401 is handed on until then, also
 * where the answer to the request for the replacement was lost. One more minute for calls that are
 * under way.
 */
const replacementWaitMs = 11 * minute
const accessTokenMs = hour

/** One customer's connection: what can be done with it, and what became of that is counted. */
export const customerOf = (scene: Setup, user: number) => {
  const { time, zoho, random, counts, errors } = scene
  const { any, processes } = scene.processes
  const who: Who = { id: `customer ${user}`, principal: `admin ${user}`, dataCenter: `u${user}` }
  const state = { connected: false, revokedByUser: false, badUntil: 0, tokensEndedAt: -Infinity }
  const between = (from: number, to: number) => from + random() * (to - from)
  const note = (code: string) => (errors[code] = (errors[code] ?? 0) + 1)

  const mayWaitForReplacement = (): boolean => {
    const waitsSince = Math.max(state.tokensEndedAt, zoho.lastLostRefreshAt(user))
    const isEnded = time.now() < state.tokensEndedAt + accessTokenMs
    return isEnded && time.now() < waitsSince + replacementWaitMs
  }
  const endAccessTokens = (): void => {
    zoho.endAccessTokens(user)
    state.tokensEndedAt = time.now()
  }

  const met = (process: Process, error: unknown): void => {
    if (process.dead) return // Nobody is left to be told.
    const code = isRecruitOAuthError(error) ? error.code : (error as Error).message
    const gone = ['needs-consent', 'connection-revoked', 'not-connected'].includes(code)
    if (gone && (state.revokedByUser || !state.connected)) counts.afterRevocation += 1
    else if (time.now() < state.badUntil && !gone) counts.toldToWait += 1
    else if (code === endedToken && mayWaitForReplacement()) counts.toldToWait += 1
    else note(code)
  }
  const api = async ({ oauth }: Process) => {
    const { status } = await oauth.connection(who.id).fetch('Candidates?per_page=1')
    if (status === 401 && !state.revokedByUser) throw new Error(endedToken)
    if (status !== 200 && !state.revokedByUser) throw new Error(`the API said ${status}`)
  }
  const served = () => void (counts.served += 1)
  /** Whatever becomes of it, it is over when the process is dead. */
  const attempt = async (process: Process, work: Promise<unknown>): Promise<void> => {
    await Promise.race([work.then(served, (error: unknown) => met(process, error)), process.death])
  }
  const ask = (process: Process) =>
    attempt(process, random() < 0.2 ? api(process) : process.oauth.connection(who.id).accessToken())

  /**
   * The answer to the callback; `undefined` where the process died, or the consent could not begin
   * yet.
   */
  const consentOnce = async (): Promise<Response | undefined> => {
    const process = any()
    const begun = await Promise.race([
      process.oauth.startAuthorization(who).catch((error: unknown) => error),
      process.death,
    ])
    if (begun === 'dead') return undefined
    if (isRecruitOAuthError(begun) && begun.code === 'codes-exhausted') {
      counts.waitedForCodes += 1
      await time.sleep(
        Math.max(second, (begun.retryAt ?? 0) - time.now()) + (user % 12) * 20 * second,
      ) // They come one by one.
      return undefined
    }
    const { url, setCookie } = begun as { url: string; setCookie: string }
    await time.sleep(between(5 * second, 15 * second))
    const headers = { cookie: setCookie.split(';')[0] ?? '', accept: 'application/json' }
    const request = new Request(await zoho.approve(user, url), { headers })
    const other = any()
    const answer = await Promise.race([other.oauth.handle(request, { context: who }), other.death])
    return answer === 'dead' ? undefined : answer
  }
  return {
    user,
    state,
    between,
    endAccessTokens,
    ask,
    attempt,
    connectionOf: ({ oauth }: Process) => oauth.connection(who.id),
    /** Several processes at once, several callers in each. */
    async burst(most: number): Promise<void> {
      const some = processes.filter(() => random() < between(0.1, most / processes.length))
      await Promise.all(
        (some.length ? some : [any()]).flatMap((process) =>
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => ask(process)),
        ),
      )
    },
    /**
     * The browser's way: begin, think, approve, come back to whichever process; again where that
     * came to nothing.
     */
    async consent(): Promise<void> {
      for (let answer = await consentOnce(); answer?.status !== 303; answer = await consentOnce()) {
        if (answer) note(`consent: ${String(((await answer.json()) as { code?: string }).code)}`)
        await time.sleep(between(2 * second, 30 * second))
      }
      Object.assign(state, { connected: true, revokedByUser: false })
    },
  }
}

export type Customer = ReturnType<typeof customerOf>
