import { RecruitOAuthError } from '@zrecruit/oauth-core'

/** Less than the second that core waits, so that core gets this store's error, not a timeout. */
const commandTimeoutMs = 900
/**
 * The highest number of abandoned calls before the store sends fewer. A call is abandoned when its
 * time is up. The Redis client keeps it until Redis answers or the connection is lost, so without a
 * limit, memory would grow. At the limit, only one call per `commandTimeoutMs` is sent.
 */
const maxAbandoned = 64

/** Makes one call to the server. Rejects when the time of the whole command is up. */
export type Send = <T>(call: () => Promise<T>) => Promise<T>

/**
 * Runs one command of the store within the time limit. The command can make several calls. `send`
 * rejects at once while the Redis client is not ready.
 */
export type TimeLimit = <T>(work: (send: Send) => Promise<T>) => Promise<T>

export const createTimeLimit = (
  unavailableReason: () => RecruitOAuthError | undefined,
): TimeLimit => {
  let abandoned = 0
  let lastSentAt = -Infinity

  return async (work) => {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timedOut()), commandTimeoutMs)
    })
    // The timeout can reject between two calls, while nothing awaits it.
    timeout.catch(() => undefined)

    const send: Send = async (call) => {
      const reason = unavailableReason()
      if (reason) throw reason
      if (abandoned >= maxAbandoned && performance.now() - lastSentAt < commandTimeoutMs)
        throw Object.assign(timedOut(), { written: 'no' })
      lastSentAt = performance.now()
      let isAnswered = false
      let isAbandoned = false
      const reply = call().finally(() => {
        isAnswered = true
        if (isAbandoned) abandoned--
      })
      const abandon = timeout.catch((error: unknown) => {
        isAbandoned = !isAnswered
        if (isAbandoned) abandoned++
        throw error
      })
      return Promise.race([reply, abandon])
    }
    try {
      return await work(send)
    } finally {
      clearTimeout(timer)
    }
  }
}

const timedOut = () =>
  new RecruitOAuthError('store-unavailable', {
    summary: 'Redis did not respond in time.',
    hint: 'Check that it is up and reachable, then call again.',
  })
