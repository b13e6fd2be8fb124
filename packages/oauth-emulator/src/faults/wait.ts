/**
 * The connection is gone. Over a socket it is destroyed; in process `fetch` fails with this error,
 * as a real one would.
 */
export class LostConnection extends TypeError {
  constructor() {
    super('fetch failed')
  }
}

/** Waits in real time. When `gone` aborts, it ends early with the reason. */
export function wait(seconds: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(gone.reason)
    }
    const timer = setTimeout(() => {
      gone.removeEventListener('abort', end)
      resolve()
    }, seconds * 1000)
    if (gone.aborted) end()
    else gone.addEventListener('abort', end, { once: true })
  })
}
