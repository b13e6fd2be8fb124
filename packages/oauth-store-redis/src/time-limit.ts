import { RecruitOAuthError } from '@zrecruit/oauth-core'

/** Less than the second that core waits, so that it hears why. */
const commandMs = 900
/**
 * So many unanswered commands may be left with the client; then it gets one a time. They go with
 * its connection.
 */
const mostLeft = 64

/**
 * Sends one thing to the server. Rejects once the time of the whole is up, whatever the client
 * does.
 */
export type Send = <T>(call: () => Promise<T>) => Promise<T>

/** One of the store's commands, in time: what it sends, it sends to a client that is ready. */
export type TimeLimit = <T>(work: (send: Send) => Promise<T>) => Promise<T>

export const createTimeLimit = (whyNot: () => RecruitOAuthError | undefined): TimeLimit => {
  let left = 0
  let lastSentAt = -Infinity

  return async (work) => {
    let timer: NodeJS.Timeout | undefined
    const up = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(timedOut()), commandMs)
    })
    up.catch(() => undefined) // Between two sends nobody listens.

    const send: Send = async (call) => {
      const reason = whyNot()
      if (reason) throw reason
      if (left >= mostLeft && performance.now() - lastSentAt < commandMs)
        throw Object.assign(timedOut(), { written: 'no' })
      lastSentAt = performance.now()
      let [isAnswered, isLeft] = [false, false]
      const answer = call().finally(() => {
        isAnswered = true
        if (isLeft) left--
      })
      const leave = up.catch((error: unknown) => {
        isLeft = !isAnswered
        if (isLeft) left++
        throw error
      })
      return Promise.race([answer, leave])
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
    summary: 'Redis did not answer in time.',
    hint: 'See that it is up and reachable, then call again.',
  })
