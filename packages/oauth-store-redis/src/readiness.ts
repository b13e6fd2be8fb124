import { errorMonitor } from 'node:events'
import { RecruitOAuthError } from '@zrecruit/oauth-core'
import { isRefusal, toStoreError } from './errors.ts'

/**
 * Why nothing can be sent now. What Redis said to a client that tries to connect (a wrong password)
 * goes to the client's 'error' listeners alone; so while it is not ready, its next error is
 * overheard, without being a listener for errors: a client that has none still throws.
 */
export const readiness = (
  client: object,
  isReady: () => boolean,
): (() => RecruitOAuthError | undefined) => {
  let isListening = false
  let heard: unknown
  const listen = () => {
    if (isListening || !isEmitter(client)) return
    isListening = true
    client.once(errorMonitor, (error) => {
      isListening = false
      heard = error
    })
  }
  const whyNot = () => {
    if (isReady()) return (heard = undefined)
    listen()
    if (isRefusal(heard)) return Object.assign(toStoreError(heard), notSent)
    return new RecruitOAuthError('store-unavailable', {
      summary: 'The Redis client is not connected.',
      hint: "Await its connection at the start, listen to its 'error' events, then call again.",
      ...notSent,
    })
  }
  whyNot()
  return whyNot
}

/** It is asked before anything is sent. */
const notSent = { written: 'no' } as const

const isEmitter = (
  client: object,
): client is { once(event: symbol, listener: (error: unknown) => void): unknown } =>
  'once' in client && typeof client.once === 'function'
