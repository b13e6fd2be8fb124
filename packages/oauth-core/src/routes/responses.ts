/** On every answer of the routes: nothing is cached, nothing is told to the next site. */
const common = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export const respond = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: string | null = null,
  cookies: readonly string[] = [],
): Response => {
  const response = new Response(body, { status, headers: { ...common, ...headers } })
  // Each is a header of its own (RFC 6265, 3).
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** 303: the next request is a GET without a body, whatever this one was (RFC 9110, 15.4.4). */
export const redirect = (location: string, cookies?: readonly string[]): Response =>
  respond(303, { location }, null, cookies)

/**
 * A person at a browser, rather than a script: a navigation is answered with pages and redirects.
 * Browsers send `Sec-Fetch-Dest` with the mode; Node's `fetch` sends a mode alone, which says
 * nothing.
 */
export const isNavigation = ({ headers }: Request): boolean =>
  headers.has('sec-fetch-dest')
    ? headers.get('sec-fetch-mode') === 'navigate'
    : (headers.get('accept') ?? '').includes('text/html')
