import { request } from 'node:http'

export interface TestRequest {
  readonly method?: string
  /** As it goes over the wire, after the origin. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer as it came over the wire. */
export interface TestResponse {
  readonly status: number
  /**
   * Each header by its name in small letters; one that came several times is joined by `, `.
   * `Set-Cookie` is in `cookies` alone.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The `Set-Cookie` headers, one by one. */
  readonly cookies: readonly string[]
  readonly text: string
}

const longestMs = 30_000

/**
 * One HTTP/1.1 request on loopback: any `Host`, any path and any header, which `fetch` would not
 * send.
 */
export const sendRequest = (
  origin: string,
  { method = 'GET', path, headers, body }: TestRequest,
): Promise<TestResponse> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(
      { hostname, port, path, method, headers: { ...headers, ...length }, agent: false },
      (message) => {
        let text = ''
        message.setEncoding('utf8')
        message.on('data', (part: string) => (text += part))
        message.on('error', reject)
        message.on('end', () => {
          const pairs = message.rawHeaders.flatMap((name, index, all): [string, string][] =>
            index % 2 === 0 ? [[name.toLowerCase(), all[index + 1] ?? '']] : [],
          )
          const joined: Record<string, string> = {}
          for (const [name, value] of pairs)
            if (name !== 'set-cookie')
              joined[name] = name in joined ? `${joined[name]}, ${value}` : value
          resolve({
            status: message.statusCode ?? 0,
            headers: joined,
            cookies: pairs.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
            text,
          })
        })
      },
    )
    sent.setTimeout(longestMs, () =>
      sent.destroy(new Error(`${method} ${path} was not answered within ${longestMs / 1000} s.`)),
    )
    sent.on('error', reject).end(body)
  })
