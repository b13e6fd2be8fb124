import { request, type IncomingHttpHeaders } from 'node:http'

export interface RawAnswer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/**
 * As it is on the wire: `fetch` sends neither another `Host` nor a `HEAD` whose body would show,
 * and joins headers.
 */
export const raw = (
  origin: string,
  path: string,
  { method = 'GET', ...headers }: Record<string, string> = {},
) =>
  new Promise<RawAnswer>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const sent = request(
      { hostname, port, path, method, headers, agent: false },
      async (message) => {
        let text = ''
        for await (const chunk of message) text += chunk
        resolve({ status: message.statusCode, headers: message.headers, text })
      },
    )
    sent.on('error', reject).end()
  })
