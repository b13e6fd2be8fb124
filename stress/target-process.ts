/**
 * One process of the app, which dies or is stopped in the middle of one verb: at a step that is
 * named.
 */
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { appOn } from './app.ts'
import { obey, say, settingsOf } from './child.ts'
import { requestOf, type Callback } from './consent.ts'
import { watchSteps } from './steps.ts'
import { connected, openStore, type StorePlace } from './stores.ts'
import type { ZohoAt } from './zoho.ts'

export interface TargetSettings {
  readonly place: StorePlace
  readonly zoho: ZohoAt
  /** Left out: it goes through all steps and tells them. */
  readonly at?: { readonly step: string; readonly signal: 'SIGKILL' | 'SIGSTOP' }
}

export type Operation =
  | { readonly verb: 'refresh'; readonly id: string }
  | { readonly verb: 'revoke'; readonly id: string }
  | { readonly verb: 'exchange'; readonly callback: Callback }

/** What a process tells that came to its end. */
export interface Done {
  readonly steps: readonly string[]
  /** `ok`, or the code of the error. */
  readonly outcome: string
  /** Of the error: what the caller should do. */
  readonly remedy?: string
  readonly accessToken?: string
  /** Its writes that were refused by revision. */
  readonly refusedWrites: number
}

const { place, zoho, at } = settingsOf<TargetSettings>()
const { store: opened } = await openStore(place)
await connected(opened)

const steps: string[] = []
let refusedWrites = 0
const watched = watchSteps(async (step) => {
  steps.push(step)
  if (step === 'write 1: answered') say('wrote')
  if (step !== at?.step) return
  await new Promise((resolve) => process.send?.({ word: 'here' }, resolve))
  // The call does not come back from SIGKILL; from SIGSTOP it does when the process is woken.
  process.kill(process.pid, at.signal)
})
const counted: typeof opened = {
  ...opened,
  async write(id, next, expected) {
    const answer = await opened.write(id, next, expected)
    if (!answer.written) refusedWrites += 1
    return answer
  },
}
const app = appOn(watched.store(counted), zoho, {
  fetch: watched.fetch((url, init) => fetch(url, init)),
})

const doIt = async (deed: Operation): Promise<Pick<Done, 'outcome' | 'accessToken'>> => {
  if (deed.verb === 'exchange') {
    const answer = await app.handle(requestOf(deed.callback))
    return { outcome: answer?.status === 303 ? 'ok' : `${answer?.status}` }
  }
  const connection = app.connection(deed.id)
  if (deed.verb === 'refresh') return { outcome: 'ok', accessToken: await connection.accessToken() }
  await connection.revoke()
  return { outcome: 'ok' }
}

obey(async (deed: Operation): Promise<Done> => {
  const done = await doIt(deed).catch((error: unknown) =>
    isRecruitOAuthError(error)
      ? { outcome: error.code, remedy: error.remedy }
      : { outcome: String(error) },
  )
  return { ...done, steps, refusedWrites }
})
