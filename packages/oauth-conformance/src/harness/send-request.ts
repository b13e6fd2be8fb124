import { request } from 'node:http'

export interface TestRequest {
  readonly method?: string
  /** The raw path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** A response. */
export interface TestResponse {
  readonly status: number
  /**
   * The headers by lower-case name. Repeated headers are joined by `, `. `Set-Cookie` is only in
   * `cookies`.
   */
  readonly headers: Readonly<Record<string, string>>
  /** The `Set-Cookie` headers. */
  readonly cookies: readonly string[]
  readonly text: string
}

const timeoutMs = 30_000

/** Sends one HTTP/1.1 request with any `Host`, path and headers, which `fetch` does not allow. */
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
    sent.setTimeout(timeoutMs, () =>
      sent.destroy(new Error(`No response to ${method} ${path} within ${timeoutMs / 1000} s.`)),
    )
    sent.on('error', reject).end(body)
  })
