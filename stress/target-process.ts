/** A process of the app that sends itself a signal when an operation reaches a given step. */
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { createApp } from './app.ts'
import { readSettings, sendEvent, serveCommands } from './child.ts'
import { requestOf, type Callback } from './consent.ts'
import { watchSteps } from './steps.ts'
import { waitForStore, openStore, type StoreLocation } from './stores.ts'
import type { ZohoAddress } from './zoho.ts'

export interface TargetSettings {
  readonly location: StoreLocation
  readonly zoho: ZohoAddress
  /** Without it, the process runs the operation to its end. */
  readonly at?: { readonly step: string; readonly signal: 'SIGKILL' | 'SIGSTOP' }
}

export type Operation =
  | { readonly verb: 'refresh'; readonly id: string }
  | { readonly verb: 'revoke'; readonly id: string }
  | { readonly verb: 'exchange'; readonly callback: Callback }

/** The result of an operation that was not killed. */
export interface OperationResult {
  /** The names of all steps, in their order. */
  readonly steps: readonly string[]
  /** `ok`, or the code of the error. */
  readonly outcome: string
  /** The `remedy` of the error. */
  readonly remedy?: string
  readonly accessToken?: string
  /** The number of writes that the store refused because of their revision. */
  readonly refusedWrites: number
}

const { location, zoho, at } = readSettings<TargetSettings>()
const { store: opened } = await openStore(location)
await waitForStore(opened)

const steps: string[] = []
let refusedWrites = 0
const watched = watchSteps(async (step) => {
  steps.push(step)
  if (step === 'write 1: answered') void sendEvent('first-write')
  if (step !== at?.step) return
  await sendEvent('at-step')
  // `kill` does not return after SIGKILL. After SIGSTOP it returns when SIGCONT arrives.
  process.kill(process.pid, at.signal)
})
const counted: typeof opened = {
  ...opened,
  async write(id, next, expected) {
    const response = await opened.write(id, next, expected)
    if (!response.written) refusedWrites += 1
    return response
  },
}
const app = createApp(watched.store(counted), zoho, {
  fetch: watched.fetch((url, init) => fetch(url, init)),
})

type Outcome = Pick<OperationResult, 'outcome' | 'remedy' | 'accessToken'>

const runOperation = async (operation: Operation): Promise<Outcome> => {
  if (operation.verb === 'exchange') {
    const response = await app.handle(requestOf(operation.callback))
    return { outcome: response?.status === 303 ? 'ok' : `${response?.status}` }
  }
  const connection = app.connection(operation.id)
  if (operation.verb === 'refresh')
    return { outcome: 'ok', accessToken: await connection.accessToken() }
  await connection.revoke()
  return { outcome: 'ok' }
}

serveCommands(async (operation: Operation): Promise<OperationResult> => {
  const result = await runOperation(operation).catch((error: unknown) =>
    isRecruitOAuthError(error)
      ? { outcome: error.code, remedy: error.remedy }
      : { outcome: String(error) },
  )
  return { ...result, steps, refusedWrites }
})
