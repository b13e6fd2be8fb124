/** Settles as `work` does, or with what `late` makes when `ms` are over; the work itself goes on. */
export const withDeadline = async <T>(work: Promise<T>, ms: number, late: () => T | Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.max(0, ms))
  })
  try {
    // The race listens to both, so the end of the one that loses is nobody's unhandled rejection.
    const first = await Promise.race([work.then((value) => ({ value })), deadline])
    return first === 'late' ? await late() : first.value
  } finally {
    clearTimeout(timer)
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
