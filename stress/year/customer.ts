import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import type { Owner, Process, Processes } from './processes.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Zoho } from './zoho.ts'

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

/** What all simulated customers share. */
export interface Setup {
  readonly time: SimulatedTime
  readonly zoho: Zoho
  readonly processes: Processes
  readonly random: () => number
  readonly days: number
  readonly counts: {
    served: number
    waitedForCodes: number
    /** Errors that are expected because of an incident. */
    expectedErrors: number
    afterRevocation: number
  }
  /** The counts of unexpected errors by their code. */
  readonly errors: Record<string, number>
}

/** `fetch()` returned Zoho's 401 because no other access token was available. */
const rejectedToken = 'the API said 401'

/**
 * An endpoint causes one replacement of the token in ten minutes. Until then `fetch()` returns
 * Zoho's 401, even if the response with the replacement was lost. The eleventh minute is for calls
 * in progress.
 */
const replacementWaitMs = 11 * minute
const accessTokenMs = hour

/** One customer's connection. Its operations count their results. */
export const createCustomer = (setup: Setup, user: number) => {
  const { time, zoho, random, counts, errors } = setup
  const { pickProcess, processes } = setup.processes
  const owner: Owner = {
    id: `customer ${user}`,
    principal: `admin ${user}`,
    dataCenter: `u${user}`,
  }
  const state = {
    isConnected: false,
    isRevokedByUser: false,
    faultUntil: 0,
    tokensEndedAt: -Infinity,
  }
  const between = (from: number, to: number) => from + random() * (to - from)
  const countError = (code: string) => (errors[code] = (errors[code] ?? 0) + 1)

  const mayWaitForReplacement = (): boolean => {
    const waitsSince = Math.max(state.tokensEndedAt, zoho.lastLostRefreshAt(user))
    const mayHaveEndedToken = time.now() < state.tokensEndedAt + accessTokenMs
    return mayHaveEndedToken && time.now() < waitsSince + replacementWaitMs
  }
  const endAccessTokens = (): void => {
    zoho.endAccessTokens(user)
    state.tokensEndedAt = time.now()
  }

  const recordError = (process: Process, error: unknown): void => {
    if (process.isDead) return // Its callers are gone too.
    const code = isRecruitOAuthError(error) ? error.code : (error as Error).message
    const isDisconnected = ['needs-consent', 'connection-revoked', 'not-connected'].includes(code)
    if (isDisconnected && (state.isRevokedByUser || !state.isConnected)) counts.afterRevocation += 1
    else if (time.now() < state.faultUntil && !isDisconnected) counts.expectedErrors += 1
    else if (code === rejectedToken && mayWaitForReplacement()) counts.expectedErrors += 1
    else countError(code)
  }
  const callApi = async ({ oauth }: Process) => {
    const { status } = await oauth.connection(owner.id).fetch('Candidates?per_page=1')
    if (status === 401 && !state.isRevokedByUser) throw new Error(rejectedToken)
    if (status !== 200 && !state.isRevokedByUser) throw new Error(`the API said ${status}`)
  }
  const countServed = () => void (counts.served += 1)
  /** Waits for a call and counts its result. Stops waiting when the process is killed. */
  const attempt = async (process: Process, work: Promise<unknown>): Promise<void> => {
    await Promise.race([
      work.then(countServed, (error: unknown) => recordError(process, error)),
      process.death,
    ])
  }
  const call = (process: Process) =>
    attempt(
      process,
      random() < 0.2 ? callApi(process) : process.oauth.connection(owner.id).accessToken(),
    )

  /** The response to the callback; `undefined` if a process was killed or no code is left. */
  const consentOnce = async (): Promise<Response | undefined> => {
    const process = pickProcess()
    const started = await Promise.race([
      process.oauth.startAuthorization(owner).catch((error: unknown) => error),
      process.death,
    ])
    if (started === 'dead') return undefined
    if (isRecruitOAuthError(started) && started.code === 'codes-exhausted') {
      counts.waitedForCodes += 1
      const waitMs = Math.max(second, (started.retryAt ?? 0) - time.now())
      await time.sleep(waitMs + (user % 12) * 20 * second) // Not all users at the same time.
      return undefined
    }
    const { url, setCookie } = started as { url: string; setCookie: string }
    await time.sleep(between(5 * second, 15 * second))
    const headers = { cookie: setCookie.split(';')[0] ?? '', accept: 'application/json' }
    const request = new Request(await zoho.approve(user, url), { headers })
    const other = pickProcess()
    const response = await Promise.race([
      other.oauth.handle(request, { context: owner }),
      other.death,
    ])
    return response === 'dead' ? undefined : response
  }
  return {
    user,
    state,
    between,
    endAccessTokens,
    call,
    attempt,
    connectionOf: ({ oauth }: Process) => oauth.connection(owner.id),
    /** Calls in several processes at the same time, with several callers in each. */
    async burst(max: number): Promise<void> {
      const callers = processes.filter(() => random() < between(0.1, max / processes.length))
      await Promise.all(
        (callers.length ? callers : [pickProcess()]).flatMap((process) =>
          Array.from({ length: 1 + Math.floor(random() * 3) }, () => call(process)),
        ),
      )
    },
    /**
     * A consent in a browser: start it, wait, approve it, and send the callback to any process.
     * Repeats this until the consent succeeds.
     */
    async consent(): Promise<void> {
      let response = await consentOnce()
      while (response?.status !== 303) {
        const body = (await response?.json()) as { code?: string } | undefined
        if (body) countError(`consent: ${String(body.code)}`)
        await time.sleep(between(2 * second, 30 * second))
        response = await consentOnce()
      }
      state.isConnected = true
      state.isRevokedByUser = false
    },
  }
}

export type Customer = ReturnType<typeof createCustomer>
