import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import type { DataCenters, Fetch } from '@zrecruit/oauth-core'
import type { SimulatedTime } from './simulated-time.ts'

export const client = {
  clientId: '1000.YEAR',
  clientSecret: 'secret-of-the-year',
  redirectUri: 'https://app.example.com/zoho/callback',
}

/**
 * Zoho issues ten codes in ten minutes per client. Each emulator has only one user, so this limit
 * is counted here.
 */
const codeLimit = { limit: 10, windowMs: 600_000 }

/**
 * Zoho with many users. Each user has an emulator with its own addresses, because a data center of
 * an emulator has one user. All emulators have the same client and clock. Their budgets are the
 * defaults, which follow the strictest reading of Zoho's pages.
 */
export const createZoho = (users: number, time: SimulatedTime, random: () => number) => {
  const oneIn = (count: number) => random() < 1 / count
  const emulators = Array.from({ length: users }, () =>
    createEmulator({
      clientId: client.clientId,
      clientSecret: client.clientSecret,
      dataCenters: ['eu'],
      redirectUris: [client.redirectUri],
      monotonicTime: time.now,
    }),
  )
  const seen = new Map<Emulator<'eu'>, number>()
  const codesAt: number[] = []
  const counts = {
    tokenCalls: 0,
    accessTokens: 0,
    consents: 0,
    apiCalls: 0,
    responsesLost: 0,
    deadTokens: 0,
    revokedByUsers: 0,
    reportedRevocations: 0,
  }
  /** The counts of refusals by their code, and of evicted tokens. */
  const refused: Record<string, number> = {}
  const refuse = (word: string) => (refused[word] = (refused[word] ?? 0) + 1)
  /** Users whose token responses are all lost. */
  const usersWithLostResponses = new Set<number>()
  /** Users whose last refresh had a fault. The next one has none: core hides only single faults. */
  const usersAfterFault = new Set<number>()
  /** When the response to a user's refresh was lost for the last time. */
  const lostRefreshes = new Map<number, number>()
  const randomFault = (): 'slow' | 'lost' | 'killed' | undefined => {
    if (oneIn(50)) return 'slow'
    if (oneIn(100)) return 'lost'
    return oneIn(100) ? 'killed' : undefined
  }
  const faultFor = (user: number): 'slow' | 'lost' | 'killed' | undefined => {
    if (usersWithLostResponses.has(user)) return 'lost'
    if (usersAfterFault.delete(user)) return undefined
    const fault = randomFault()
    if (fault) usersAfterFault.add(user)
    return fault
  }

  const readJournal = (emulator: Emulator<'eu'>) => {
    for (const entry of emulator.journal(seen.get(emulator) ?? 0)) {
      seen.set(emulator, entry.sequence)
      if (entry.event === 'evicted') refuse(`evicted: ${entry.limit}`)
      if (entry.event === 'blocked') refuse(`blocked: ${entry.budget}`)
    }
  }
  const send = async (user: number, path: string, init: RequestInit): Promise<Response> => {
    const emulator = emulators[user] as Emulator<'eu'>
    const { accountsServer, recruitApi } = emulator.dataCenters.eu
    const base = path.startsWith('/recruit/') ? new URL(recruitApi).origin : accountsServer
    const { signal: _signal, ...rest } = init
    const response = await time.runInRealTime(async () => {
      const received = await emulator.fetch(base + path, rest)
      const { status, headers } = received
      return { status, headers, text: status === 204 ? null : await received.text() }
    })
    readJournal(emulator)
    return new Response(response.text, response)
  }

  /** The `fetch` of one process. `kill` ends this process before the response arrives. */
  const fetchFrom =
    ({ kill, isDead }: { kill: () => void; isDead: () => boolean }): Fetch =>
    async (address, init) => {
      const url = new URL(address)
      const user = Number(/^(?:accounts|recruit)\.u(\d+)\.test$/.exec(url.host)?.[1])
      const isToken = url.pathname === '/oauth/v2/token'
      const isRefresh =
        isToken &&
        (await time.runInRealTime(() => new Response(init.body).text())).includes(
          'grant_type=refresh_token',
        )
      await time.sleep(20 + random() * 80)
      const response = await send(user, url.pathname + url.search, init)
      const tokenError = isToken
        ? ((await response.clone().json()) as { error?: string }).error
        : undefined
      const isRevoked = tokenError === 'invalid_code'
      if (isToken) {
        counts.tokenCalls += 1
        if (tokenError && !isRevoked) refuse(tokenError)
        else if (!tokenError) counts.accessTokens += 1
      } else if (url.host.startsWith('recruit')) {
        counts.apiCalls += 1
        if (response.status === 401) counts.deadTokens += 1
      }
      const fault = isRefresh ? faultFor(user) : undefined
      // Meanwhile other callers wait for the lease.
      await time.sleep(fault === 'slow' ? 4_000 : 50 + random() * 400)
      if (fault === 'lost' || fault === 'killed' || (isRefresh && isDead()))
        lostRefreshes.set(user, time.now())
      if (fault === 'killed') kill()
      if (fault === 'lost') {
        counts.responsesLost += 1
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('read ECONNRESET'), {
            code: 'ECONNRESET',
            syscall: 'read',
          }),
        })
      }
      if (isRevoked && !isDead()) counts.reportedRevocations += 1
      return response
    }

  /** A user approves the consent page. Resolves with the callback URL. */
  const approve = async (user: number, authorizationUrl: string): Promise<string> => {
    while (codesAt[0] !== undefined && codesAt[0] <= time.now() - codeLimit.windowMs)
      codesAt.shift()
    if (codesAt.length >= codeLimit.limit) refuse('authorizationCodeBudget of the client')
    codesAt.push(time.now())
    counts.consents += 1
    const { pathname, search } = new URL(authorizationUrl)
    const response = await send(user, pathname + search, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve', account: 'eu' }),
    })
    const back = new URL(response.headers.get('location') ?? 'https://no.location')
    if (back.searchParams.has('error')) refuse(String(back.searchParams.get('error')))
    back.searchParams.set('location', `u${user}`)
    back.searchParams.set('accounts-server', `https://accounts.u${user}.test`)
    return back.href
  }

  const dataCenters: DataCenters = Object.fromEntries(
    emulators.map((_, user) => [
      `u${user}`,
      {
        accountsServer: `https://accounts.u${user}.test`,
        apiDomain: 'https://api.zoho.test',
        recruitApi: `https://recruit.u${user}.test/recruit/v2`,
      },
    ]),
  )
  return {
    dataCenters,
    counts,
    refused,
    usersWithLostResponses,
    lastLostRefreshAt: (user: number): number => lostRefreshes.get(user) ?? -Infinity,
    fetchFrom,
    approve,
    revokeByUser(user: number) {
      counts.revokedByUsers += 1
      emulators[user]?.revokeByUser({ dataCenter: 'eu' })
    },
    endAccessTokens: (user: number) => void emulators[user]?.endAccessTokens(),
  }
}

export type Zoho = ReturnType<typeof createZoho>
