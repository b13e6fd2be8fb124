/** One process of the app. The parent sets its wall clock and its monotonic clock. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import { createApp } from '../app.ts'
import { serveCommands, readSettings } from '../child.ts'
import { errorCodeOf } from '../code-of.ts'
import { times } from '../figures.ts'
import { openStore, type StoreLocation } from '../stores.ts'
import type { ZohoAddress } from '../zoho.ts'

export interface ClockSettings {
  readonly location: StoreLocation
  readonly zoho: ZohoAddress
  /** A file with the seconds that are added to `asOf` of the store's results. */
  readonly asOfOffsetFile?: string
}

export type ClockCommand =
  | { readonly do: 'connect'; readonly id: string; readonly code: string }
  /** Advances the monotonic clock. */
  | { readonly do: 'advance'; readonly ms: number }
  /** Several simultaneous callers call the API, `times` times with a pause in between. */
  | {
      readonly do: 'call'
      readonly id: string
      readonly callers: number
      readonly times?: number
      readonly pauseMs?: number
    }

/** The results of calls of the API. */
export interface CallResults {
  readonly calls: number
  /** Error codes, and HTTP statuses other than 200. */
  readonly failures: readonly string[]
  readonly storeCommands: number
  /** The time of the wall clock and of the store's last response, in ms since the epoch. */
  readonly wallClock: number
  readonly storeClock: number
}

const { location, zoho, asOfOffsetFile } = readSettings<ClockSettings>()
let advancedMs = 0
let storeCommands = 0
let storeClock = 0
const { store } = await openStore(location)
const countCommand = async <T extends { readonly asOf: number }>(
  response: Promise<T>,
): Promise<T> => {
  storeCommands += 1
  const { asOf, ...rest } = await response
  const offsetSeconds =
    asOfOffsetFile === undefined ? 0 : Number(readFileSync(asOfOffsetFile, 'utf8'))
  storeClock = asOf + 1_000 * offsetSeconds
  return { ...rest, asOf: storeClock } as unknown as T
}
const countingStore: ConnectionStore = {
  ...store,
  read: (id) => countCommand(store.read(id)),
  write: (...all) => countCommand(store.write(...all)),
}
const app = createApp(countingStore, zoho, { monotonic: () => performance.now() + advancedMs })

const call = async (id: string): Promise<string> => {
  const connection = app.connection(id)
  return connection
    .fetch('Candidates?per_page=1')
    .then(({ status }) => (status === 200 ? 'ok' : `the API said ${status}`), errorCodeOf)
}

serveCommands(async (command: ClockCommand): Promise<CallResults | void> => {
  if (command.do === 'connect')
    return app
      .connection(command.id)
      .exchangeSelfClientCode(command.code, { principal: command.id })
  if (command.do === 'advance') return void (advancedMs += command.ms)
  const before = storeCommands
  const outcomes: string[] = []
  for (let time = 0; time < (command.times ?? 1); time++) {
    if (time > 0) await sleep(command.pauseMs)
    outcomes.push(...(await Promise.all(times(command.callers, () => call(command.id)))))
  }
  return {
    calls: outcomes.length,
    failures: outcomes.filter((outcome) => outcome !== 'ok'),
    storeCommands: storeCommands - before,
    wallClock: Date.now(),
    storeClock,
  }
})
