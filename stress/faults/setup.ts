import type {
  ConnectionStore,
  RecruitOAuthEvent,
  RecruitOAuth,
  RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { createApp } from '../app.ts'
import { errorCodeOf } from '../code-of.ts'
import type { TestContext, Row } from '../experiment.ts'
import { openStore, startStore, type StartedStore, type StoreName } from '../stores.ts'
import { startZoho, type Zoho } from '../zoho.ts'
import { startProxy, type Proxy } from './proxy.ts'

/** An app in this process, with its own cache and its own pool, client or file of the store. */
export interface App {
  readonly oauth: RecruitOAuth
  readonly events: RecruitOAuthEvent[]
  /** Advances the app's monotonic clock, so that its cache gets older. */
  advanceClock(ms: number): void
  /** Calls `accessToken()`. */
  requestToken(id: string): Promise<TokenResult>
}

export interface TokenResult {
  readonly token?: string
  /** The error code, or `ok`. */
  readonly code: string
  /** How long the call took. */
  readonly ms: number
}

/** One store with a proxy in front of its server, and Zoho. Each case has its own connections. */
export interface Setup {
  readonly context: TestContext
  readonly location: StartedStore
  readonly zoho: Zoho
  readonly proxy?: Proxy
  readonly app: (
    more?: Partial<RecruitOAuthOptions>,
    wrap?: (store: ConnectionStore) => ConnectionStore,
  ) => Promise<App>
  /** Creates a connection. With `expired`, its access token has already expired. */
  readonly connect: (id: string, state?: 'expired') => Promise<void>
  readonly tokenCalls: () => Promise<number>
  readonly row: (what: string, figures: Row['figures'], target: string, ok: boolean) => Row
}

/** @param existing a running store; by default a new one is started */
export const createSetup = async (
  context: TestContext,
  name: StoreName,
  existing?: StartedStore,
): Promise<Setup> => {
  const location = existing ?? (await startStore(context, name))
  const zoho = await startZoho(context)
  const proxy = location.service && (await startProxy(context, location.url))
  const openOwnStore = async () => {
    const opened = await openStore({ name, url: proxy?.url ?? location.url })
    context.atEnd(() => opened.close())
    return opened.store
  }
  const seedingStore = await openOwnStore()
  return {
    context,
    location,
    zoho,
    ...(proxy && { proxy }),
    async app(more, wrap = (store) => store) {
      const events: RecruitOAuthEvent[] = []
      let advancedMs = 0
      const oauth = createApp(wrap(await openOwnStore()), zoho, {
        onEvent: (event) => void events.push(event),
        monotonic: () => performance.now() + advancedMs,
        ...more,
      })
      return {
        oauth,
        events,
        advanceClock: (ms) => void (advancedMs += ms),
        async requestToken(id) {
          const beganAt = performance.now()
          const result = await oauth
            .connection(id)
            .accessToken()
            .then(
              (token) => ({ token, code: 'ok' }),
              (error: unknown) => ({ code: errorCodeOf(error) }),
            )
          return { ...result, ms: Math.round((performance.now() - beganAt) * 100) / 100 }
        },
      }
    },
    async connect(id, state) {
      const store = state ? withClockOffset(seedingStore, 3_600_000) : seedingStore
      const app = createApp(store, zoho)
      // After a case that stopped the store, its client may not have reconnected yet.
      const tryToConnect = async () =>
        app
          .connection(id)
          .exchangeSelfClientCode(await zoho.newCode(), { principal: id })
          .then(
            () => true,
            () => false,
          )
      if ((await waitUntil(tryToConnect, 10_000)) === Infinity)
        throw new Error(`${id} could not be connected`)
    },
    tokenCalls: async () => (await zoho.calls()).token,
    row: (what, figures, target, ok) => ({
      experiment: 'faults',
      store: name,
      what,
      figures,
      target,
      ok,
    }),
  }
}

/** Waits until a condition is true. Resolves with the elapsed ms, or with Infinity on a timeout. */
export const waitUntil = async (condition: () => unknown, timeoutMs: number): Promise<number> => {
  const beganAt = performance.now()
  while (!(await condition())) {
    if (performance.now() - beganAt > timeoutMs) return Infinity
    await sleep(20)
  }
  return Math.round(performance.now() - beganAt)
}
