import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import type { DataCenters, Fetch } from '@zrecruit/oauth-core'
import type { SimulatedTime } from './simulated-time.ts'

export const client = {
  clientId: '1000.YEAR',
  clientSecret: 'secret-of-the-year',
  redirectUri: 'https://app.example.com/zoho/callback',
}

/**
 * Ten codes in ten minutes for a client, whoever consents. The emulators stand for one user each,
 * so this one is counted here.
 */
const codes = { limit: 10, windowMs: 600_000 }

/**
 * Zoho with many users: an emulator for each, all of one client and on one clock, since an
 * emulator's data center has one user. Each has its own addresses, so that core can tell them
 * apart, and all budgets as an emulator has them by default: the strictest reading of Zoho's pages.
 */
export const zohoOf = (users: number, time: SimulatedTime, random: () => number) => {
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
    answersLost: 0,
    deadTokens: 0,
    takenBack: 0,
    toldSo: 0,
  }
  /** What the emulators refused, by their word, and what they ended in silence. */
  const refused: Record<string, number> = {}
  const refuse = (word: string) => (refused[word] = (refused[word] ?? 0) + 1)
  /** Users none of whose token answers arrives. */
  const losing = new Set<number>()
  /**
   * Users whose last refresh met a trouble: the next one meets none, for one at a time is what
   * nobody has to notice.
   */
  const troubled = new Set<number>()
  /** When the answer to a user's refresh reached nobody, the last time. */
  const lostRefreshes = new Map<number, number>()
  const newTrouble = (): 'slow' | 'lost' | 'killed' | undefined => {
    if (oneIn(50)) return 'slow'
    if (oneIn(100)) return 'lost'
    return oneIn(100) ? 'killed' : undefined
  }
  const troubleOf = (user: number): 'slow' | 'lost' | 'killed' | undefined => {
    if (losing.has(user)) return 'lost'
    if (troubled.delete(user)) return undefined
    const trouble = newTrouble()
    if (trouble) troubled.add(user)
    return trouble
  }

  const notice = (emulator: Emulator<'eu'>) => {
    for (const entry of emulator.journal(seen.get(emulator) ?? 0)) {
      seen.set(emulator, entry.sequence)
      if (entry.event === 'evicted') refuse(`evicted: ${entry.limit}`)
      if (entry.event === 'blocked') refuse(`blocked: ${entry.budget}`)
    }
  }
  const ask = async (user: number, path: string, init: RequestInit): Promise<Response> => {
    const emulator = emulators[user] as Emulator<'eu'>
    const { accountsServer, recruitApi } = emulator.dataCenters.eu
    const base = path.startsWith('/recruit/') ? new URL(recruitApi).origin : accountsServer
    const { signal: _signal, ...rest } = init
    const answer = await time.real(async () => {
      const received = await emulator.fetch(base + path, rest)
      const { status, headers } = received
      return { status, headers, text: status === 204 ? null : await received.text() }
    })
    notice(emulator)
    return new Response(answer.text, answer)
  }

  /** What a process's client calls; `kill` ends the process, while the answer is on its way. */
  const fetchFrom =
    ({ kill, isDead }: { kill: () => void; isDead: () => boolean }): Fetch =>
    async (address, init) => {
      const url = new URL(address)
      const user = Number(/^(?:accounts|recruit)\.u(\d+)\.test$/.exec(url.host)?.[1])
      const isToken = url.pathname === '/oauth/v2/token'
      const isRefresh =
        isToken &&
        (await time.real(() => new Response(init.body).text())).includes('grant_type=refresh_token')
      await time.sleep(20 + random() * 80)
      const answer = await ask(user, url.pathname + url.search, init)
      const word = isToken ? ((await answer.clone().json()) as { error?: string }).error : undefined
      const isTakenBack = word === 'invalid_code'
      if (isToken) {
        counts.tokenCalls += 1
        if (word && !isTakenBack) refuse(word)
        else if (!word) counts.accessTokens += 1
      } else if (url.host.startsWith('recruit')) {
        counts.apiCalls += 1
        if (answer.status === 401) counts.deadTokens += 1
      }
      const trouble = isRefresh ? troubleOf(user) : undefined
      // Others come meanwhile, and wait for the lease.
      await time.sleep(trouble === 'slow' ? 4_000 : 50 + random() * 400)
      if (trouble === 'lost' || trouble === 'killed' || (isRefresh && isDead()))
        lostRefreshes.set(user, time.now())
      if (trouble === 'killed') kill()
      if (trouble === 'lost') {
        counts.answersLost += 1
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('read ECONNRESET'), {
            code: 'ECONNRESET',
            syscall: 'read',
          }),
        })
      }
      if (isTakenBack && !isDead()) counts.toldSo += 1
      return answer
    }

  /** A user's browser at Zoho's page: approves, and comes back with the callback's address. */
  const approve = async (user: number, authorizationUrl: string): Promise<string> => {
    while (codesAt[0] !== undefined && codesAt[0] <= time.now() - codes.windowMs) codesAt.shift()
    if (codesAt.length >= codes.limit) refuse('authorizationCodeBudget of the client')
    codesAt.push(time.now())
    counts.consents += 1
    const { pathname, search } = new URL(authorizationUrl)
    const answer = await ask(user, pathname + search, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve', account: 'eu' }),
    })
    const back = new URL(answer.headers.get('location') ?? 'https://no.location')
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
    losing,
    lastLostRefreshAt: (user: number): number => lostRefreshes.get(user) ?? -Infinity,
    fetchFrom,
    approve,
    revokeByUser(user: number) {
      counts.takenBack += 1
      emulators[user]?.revokeByUser({ dataCenter: 'eu' })
    },
    endAccessTokens: (user: number) => void emulators[user]?.endAccessTokens(),
  }
}

export type Zoho = ReturnType<typeof zohoOf>
