import { request, type IncomingHttpHeaders } from 'node:http'

export interface RawResponse {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/**
 * Sends one request without `fetch`, which cannot send another `Host`, does not show a body after
 * `HEAD`, and joins repeated headers.
 */
export const sendRaw = (
  origin: string,
  path: string,
  { method = 'GET', ...headers }: Record<string, string> = {},
) =>
  new Promise<RawResponse>((resolve, reject) => {
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
