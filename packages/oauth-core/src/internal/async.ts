/**
 * Settles like `work`. If `timeoutMs` pass first, it settles like `onTimeout`, but does not stop
 * `work`.
 */
export const withDeadline = async <T>(
  work: Promise<T>,
  timeoutMs: number,
  onTimeout: () => T,
): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs))
  })
  try {
    // `Promise.race` handles both promises, so a late rejection of `work` is not unhandled.
    return await Promise.race([work, deadline.then(onTimeout)])
  } finally {
    clearTimeout(timer)
  }
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
