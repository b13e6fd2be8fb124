import type { ServerResponse } from 'node:http'

/**
 * Writes a web `Response` to a Node response and ends it. Each cookie gets its own `Set-Cookie`
 * header. Cookies and values of `Vary` that the app has set already are kept.
 */
export const writeResponse = async (response: Response, target: ServerResponse): Promise<void> => {
  target.statusCode = response.status
  for (const [name, value] of response.headers) {
    if (name !== 'set-cookie' && name !== 'vary') target.setHeader(name, value)
  }
  const vary = response.headers.get('vary')
  if (vary !== null)
    target.setHeader('vary', [target.getHeader('vary') ?? [], vary].flat().join(', '))
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) {
    // `appendHeader` adds to the array that the app has set. The app may use one array for all
    // responses, so this code sets a new array.
    const existing = [target.getHeader('set-cookie') ?? []].flat().map(String)
    target.setHeader('set-cookie', [...existing, ...cookies])
  }
  const body = response.body ? Buffer.from(await response.arrayBuffer()) : undefined
  target.end(body)
}
