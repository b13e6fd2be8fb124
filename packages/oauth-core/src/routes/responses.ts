/** Headers of all responses: they are not cached, and the next site gets no referrer. */
const commonHeaders = {
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
  const response = new Response(body, { status, headers: { ...commonHeaders, ...headers } })
  // Each cookie needs its own header (RFC 6265, 3).
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** 303: the next request is a GET without a body, whatever the method was (RFC 9110, 15.4.4). */
export const redirect = (location: string, cookies?: readonly string[]): Response =>
  respond(303, { location }, null, cookies)
