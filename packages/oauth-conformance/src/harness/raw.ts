import { connect } from 'node:net'

export interface RawRequest {
  readonly method?: string
  /** The request target as it is written into the request line; each character is one byte. */
  readonly target: string
  readonly headers?: Readonly<Record<string, string>>
}

const longestMs = 30_000

/**
 * One request over a socket of its own, with the target as it is: no HTTP client corrects it.
 * Resolves with all bytes that came, once the server has closed the connection.
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
    // A server may reset a connection that it refuses: that is an end, too.
    socket.on('error', () => {})
    socket.on('close', () => resolve(received))
    const timer = setTimeout(() => {
      socket.destroy()
      reject(
        new Error(
          `${method} ${JSON.stringify(target)}: the connection did not end in ` +
            `${longestMs / 1000} s.`,
        ),
      )
    }, longestMs)
    socket.on('close', () => clearTimeout(timer))
    const lines = [
      `${method} ${target} HTTP/1.1`,
      ...Object.entries(headers).map((pair) => pair.join(': ')),
      'connection: close',
    ]
    socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  })
