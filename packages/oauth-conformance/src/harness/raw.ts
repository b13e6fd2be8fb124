import { connect } from 'node:net'

export interface RawRequest {
  readonly method?: string
  /** The raw request target. Each character is one byte. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
}

const timeoutMs = 30_000

/**
 * Sends one request over a new socket with an unchanged target, which an HTTP client would
 * normalize. Resolves with all received bytes once the server has closed the connection.
 */
export const sendRaw = (
  origin: string,
  { method = 'GET', target, headers = {} }: RawRequest,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => (received += part))
    // A server may reset a refused connection. `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    const timer = setTimeout(() => {
      socket.destroy()
      reject(
        new Error(
          `${method} ${JSON.stringify(target)}: the connection did not end within ` +
            `${timeoutMs / 1000} s.`,
        ),
      )
    }, timeoutMs)
    socket.on('close', () => clearTimeout(timer))
    const lines = [
      `${method} ${target} HTTP/1.1`,
      ...Object.entries(headers).map((pair) => pair.join(': ')),
      'connection: close',
    ]
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  })
