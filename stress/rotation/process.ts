/** One process of the app that reads and refreshes continuously from `begin` to `end`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCodeOf } from '../code-of.ts'
import { createApp } from '../app.ts'
import { serveCommands, readSettings } from '../child.ts'
import { openStore, type StoreLocation } from '../stores.ts'
import type { ZohoAddress } from '../zoho.ts'

export interface RotationSettings {
  readonly location: StoreLocation
  readonly zoho: ZohoAddress
  readonly keys: readonly string[]
  readonly ids: readonly string[]
  /** This process refreshes every n-th connection once, starting at index `from`. */
  readonly refreshes: { readonly from: number; readonly every: number }
}

export type RotationCommand = 'begin' | 'end' | 'reencrypt'

/** The results of its calls. `failures` are error codes. */
export interface Traffic {
  readonly reads: number
  readonly refreshes: number
  readonly failures: readonly string[]
}

const { location, zoho, keys, ids, refreshes } = readSettings<RotationSettings>()
const { store } = await openStore(location)
const app = createApp(store, zoho, { encryptionKeys: keys })
const counts = { reads: 0, refreshes: 0, failures: [] as string[] }
let isRunning = false
let traffic = Promise.resolve()

const attempt = async (
  kind: 'reads' | 'refreshes',
  work: () => Promise<unknown>,
): Promise<void> => {
  try {
    await work()
    counts[kind] += 1
  } catch (error) {
    counts.failures.push(errorCodeOf(error))
  }
}

const readAll = async (): Promise<void> => {
  for (let index = refreshes.from; isRunning; index++) {
    const connection = app.connection(ids[index % ids.length] ?? '')
    await attempt('reads', () => connection.accessToken())
    await attempt('reads', () => connection.status())
    await sleep(10)
  }
}
const refreshShare = async (): Promise<void> => {
  for (let index = refreshes.from; index < ids.length && isRunning; index += refreshes.every) {
    await attempt('refreshes', () => app.connection(ids[index] ?? '').refresh())
    await sleep(20)
  }
}

serveCommands(async (command: RotationCommand) => {
  if (command === 'reencrypt') {
    const { done, failed } = await app.reencryptAll()
    return { done, failed: failed.map(({ error }) => error.code) }
  }
  isRunning = command === 'begin'
  if (isRunning) traffic = Promise.all([readAll(), refreshShare()]).then(() => {})
  else await traffic
  return counts
})
