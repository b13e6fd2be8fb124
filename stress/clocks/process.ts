/** One process of the app, whose wall clock and whose monotonic clock are set from outside. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { appOn } from '../app.ts'
import { obey, settingsOf } from '../child.ts'
import { codeOf } from '../code-of.ts'
import { times } from '../figures.ts'
import { openStore, type StorePlace } from '../stores.ts'
import type { ZohoAt } from '../zoho.ts'

export interface ClockSettings {
  readonly place: StorePlace
  readonly zoho: ZohoAt
  /** A file that says by how many seconds the store's answers are later than they say. */
  readonly shiftedBy?: string
}

export type ClockOrder =
  | { readonly do: 'connect'; readonly id: string; readonly code: string }
  /** Its monotonic clock goes on by so much, as while it waits. */
  | { readonly do: 'push'; readonly ms: number }
  /** So many callers at once call the API, and again after the pause, so many times in all. */
  | {
      readonly do: 'call'
      readonly id: string
      readonly callers: number
      readonly times?: number
      readonly pauseMs?: number
    }

/**
 * What became of the calls: error codes, statuses other than 200, and how many commands the store
 * was given.
 */
export interface Called {
  readonly calls: number
  readonly failures: readonly string[]
  readonly storeCommands: number
  /** What its wall clock says, and what the store said last. */
  readonly wallClock: number
  readonly storeClock: number
}

const { place, zoho, shiftedBy } = settingsOf<ClockSettings>()
let [pushedMs, storeCommands, storeClock] = [0, 0, 0]
const { store } = await openStore(place)
const counted = async <T extends { readonly asOf: number }>(answer: Promise<T>): Promise<T> => {
  storeCommands += 1
  const { asOf, ...rest } = await answer
  storeClock =
    asOf + (shiftedBy === undefined ? 0 : 1_000 * Number(readFileSync(shiftedBy, 'utf8')))
  return { ...rest, asOf: storeClock } as unknown as T
}
const counting: ConnectionStore = {
  ...store,
  read: (id) => counted(store.read(id)),
  write: (...all) => counted(store.write(...all)),
}
const app = appOn(counting, zoho, { monotonic: () => performance.now() + pushedMs })

const call = async (id: string): Promise<string> => {
  const connection = app.connection(id)
  return connection
    .fetch('Candidates?per_page=1')
    .then(({ status }) => (status === 200 ? 'ok' : `the API said ${status}`), codeOf)
}

obey(async (order: ClockOrder): Promise<Called | void> => {
  if (order.do === 'connect')
    return app.connection(order.id).exchangeSelfClientCode(order.code, { principal: order.id })
  if (order.do === 'push') return void (pushedMs += order.ms)
  const before = storeCommands
  const all: string[] = []
  for (let time = 0; time < (order.times ?? 1); time++) {
    if (time > 0) await sleep(order.pauseMs)
    all.push(...(await Promise.all(times(order.callers, () => call(order.id)))))
  }
  return {
    calls: all.length,
    failures: all.filter((word) => word !== 'ok'),
    storeCommands: storeCommands - before,
    wallClock: Date.now(),
    storeClock,
  }
})
