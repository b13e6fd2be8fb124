/**
 * The connection was lost. Over a socket, the emulator destroys the connection. In process,
 * `Emulator.fetch` fails with this error, as the global `fetch` does.
 */
export class LostConnection extends TypeError {
  constructor() {
    super('fetch failed')
  }
}

/** Waits in real time. Rejects with the reason of `signal` when it aborts. */
export function wait(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, seconds * 1000)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
