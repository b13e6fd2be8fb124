import type {
  ConnectionStore,
  RecruitOAuthEvent,
  RecruitOAuth,
  RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { appOn } from '../app.ts'
import { codeOf } from '../code-of.ts'
import type { TestContext, Row } from '../experiment.ts'
import { openStore, startStore, type StartedStore, type StoreName } from '../stores.ts'
import { startZoho, type Zoho } from '../zoho.ts'
import { startProxy, type Proxy } from './proxy.ts'

/**
 * An app's process, as far as its store can tell: a pool, client or file of its own, and a memory
 * of its own.
 */
export interface App {
  readonly oauth: RecruitOAuth
  readonly events: RecruitOAuthEvent[]
  /** Moves its monotonic clock on: what it remembers gets older. */
  age(ms: number): void
  /** An access token, or the code of the error, and how long it took. */
  ask(id: string): Promise<Asked>
}

export interface Asked {
  readonly token?: string
  /** Of an error, or `ok`. */
  readonly code: string
  readonly ms: number
}

/** One store, with a proxy before its server, and Zoho. Each case has connections of its own. */
export interface Setup {
  readonly bench: TestContext
  readonly place: StartedStore
  readonly zoho: Zoho
  readonly proxy?: Proxy
  readonly app: (
    more?: Partial<RecruitOAuthOptions>,
    wrap?: (store: ConnectionStore) => ConnectionStore,
  ) => Promise<App>
  /** Connects; `ago`: so long ago that its access token has expired. */
  readonly connect: (id: string, ago?: 'expired') => Promise<void>
  readonly tokenCalls: () => Promise<number>
  readonly row: (what: string, figures: Row['figures'], target: string, ok: boolean) => Row
}

/** @param given where the store is; without it, one of its own is started */
export const createSetup = async (
  bench: TestContext,
  name: StoreName,
  given?: StartedStore,
): Promise<Setup> => {
  const [place, zoho] = [given ?? (await startStore(bench, name)), await startZoho(bench)]
  const proxy = place.service && (await startProxy(bench, place.url))
  const store = async () => {
    const opened = await openStore({ name, url: proxy?.url ?? place.url })
    bench.atEnd(() => opened.close())
    return opened.store
  }
  const seeding = await store()
  return {
    bench,
    place,
    zoho,
    ...(proxy && { proxy }),
    async app(more, wrap = (own) => own) {
      const events: RecruitOAuthEvent[] = []
      let pushedMs = 0
      const oauth = appOn(wrap(await store()), zoho, {
        onEvent: (event) => void events.push(event),
        monotonic: () => performance.now() + pushedMs,
        ...more,
      })
      return {
        oauth,
        events,
        age: (ms) => void (pushedMs += ms),
        async ask(id) {
          const beganAt = performance.now()
          const asked = await oauth
            .connection(id)
            .accessToken()
            .then(
              (token) => ({ token, code: 'ok' }),
              (error: unknown) => ({ code: codeOf(error) }),
            )
          return { ...asked, ms: Math.round((performance.now() - beganAt) * 100) / 100 }
        },
      }
    },
    async connect(id, ago) {
      const app = appOn(ago ? withClockOffset(seeding, 3_600_000) : seeding, zoho)
      // After a case that took the store away, its client may not be back yet.
      const connected = async () =>
        app
          .connection(id)
          .exchangeSelfClientCode(await zoho.newCode(), { principal: id })
          .then(
            () => true,
            () => false,
          )
      if ((await untilSo(connected, 10_000)) === Infinity)
        throw new Error(`${id} could not be connected`)
    },
    tokenCalls: async () => (await zoho.calls()).token,
    row: (what, figures, target, ok) => ({
      part: 'faults',
      store: name,
      what,
      figures,
      target,
      ok,
    }),
  }
}

/** Waits until it is so, for as long at most; answers after how many milliseconds it was. */
export const untilSo = async (isSo: () => unknown, atMostMs: number): Promise<number> => {
  const beganAt = performance.now()
  while (!(await isSo())) {
    if (performance.now() - beganAt > atMostMs) return Infinity
    await sleep(20)
  }
  return Math.round(performance.now() - beganAt)
}
