/**
 * Settles as `work` does, or with what `late` makes when `ms` are over; the work itself goes on.
 */
export const withDeadline = async <T>(work: Promise<T>, ms: number, late: () => T): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms))
  })
  try {
    // The race listens to both, so the end of the one that loses is nobody's unhandled rejection.
    return await Promise.race([work, deadline.then(late)])
  } finally {
    clearTimeout(timer)
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
