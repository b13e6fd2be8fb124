import type { ServerResponse } from 'node:http'

/**
 * Writes a web `Response` to a Node response and ends it. Each `Set-Cookie` stays a header of its
 * own, beside those that are set already.
 */
export const writeResponse = async (response: Response, target: ServerResponse): Promise<void> => {
  target.statusCode = response.status
  for (const [name, value] of response.headers)
    if (name !== 'set-cookie') target.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  // A new list: `appendHeader` would write into the app's own, which may be a constant that every
  // answer shares.
  if (cookies.length > 0)
    target.setHeader('set-cookie', [
      ...[target.getHeader('set-cookie') ?? []].flat().map(String),
      ...cookies,
    ])
  target.end(response.body ? Buffer.from(await response.arrayBuffer()) : undefined)
}
