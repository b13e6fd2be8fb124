/**
 * One process of the app under traffic: it reads and refreshes all the time, from
 * `startAuthorization` to `end`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf } from '../code-of.ts'
import { appOn } from '../app.ts'
import { obey, settingsOf } from '../child.ts'
import { openStore, type StorePlace } from '../stores.ts'
import type { ZohoAt } from '../zoho.ts'

export interface RotationSettings {
  readonly place: StorePlace
  readonly zoho: ZohoAt
  readonly keys: readonly string[]
  readonly ids: readonly string[]
  /**
   * Of the connections, those that this process refreshes once in its life: every `of`-th from
   * `from` on.
   */
  readonly refreshes: { readonly from: number; readonly of: number }
}

export type RotationOrder = 'begin' | 'end' | 'reseal'

/** What became of its calls. */
export interface Traffic {
  readonly reads: number
  readonly refreshes: number
  readonly failures: readonly string[]
}

const { place, zoho, keys, ids, refreshes } = settingsOf<RotationSettings>()
const { store } = await openStore(place)
const app = appOn(store, zoho, { encryptionKeys: keys })
const counts = { reads: 0, refreshes: 0, failures: [] as string[] }
let [isOn, traffic] = [false, Promise.resolve()]

const attempt = async (
  what: 'reads' | 'refreshes',
  work: () => Promise<unknown>,
): Promise<void> => {
  try {
    await work()
    counts[what] += 1
  } catch (error) {
    counts.failures.push(codeOf(error))
  }
}

const read = async (): Promise<void> => {
  for (let turn = refreshes.from; isOn; turn++) {
    const connection = app.connection(ids[turn % ids.length] ?? '')
    await attempt('reads', () => connection.accessToken())
    await attempt('reads', () => connection.status())
    await sleep(10)
  }
}
const refresh = async (): Promise<void> => {
  for (let turn = refreshes.from; turn < ids.length && isOn; turn += refreshes.of) {
    await attempt('refreshes', () => app.connection(ids[turn] ?? '').refresh())
    await sleep(20)
  }
}

obey(async (order: RotationOrder) => {
  if (order === 'reseal') {
    const { done, failed } = await app.reencryptAll()
    return { done, failed: failed.map(({ error }) => error.code) }
  }
  isOn = order === 'begin'
  if (isOn) traffic = Promise.all([read(), refresh()]).then(() => {})
  else await traffic
  return counts
})
