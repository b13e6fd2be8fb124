import type { Refusal } from '../access/host.ts'
import type { Html } from '../pages/html.ts'

/**
 * A JSON response with the content type of Zoho's accounts servers (observed). Keys keep their
 * order.
 */
export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json;charset=UTF-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** An HTML page that loads no resources, runs no scripts and cannot be framed. */
export function page(content: Html, status = 200): Response {
  return new Response(content.text, {
    status,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; " +
        "frame-ancestors 'none'",
      // With `no-referrer`, the page's own forms would send `Origin: null`.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  })
}

/** A redirect to an absolute URL with parameters added to its query. The URL is not normalized. */
export function redirect(uri: string, parameters: Record<string, string | undefined>): Response {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  )
  const separator = uri.includes('?') ? '&' : '?'
  return new Response(null, {
    status: 302,
    headers: { location: `${uri}${separator}${pairs.join('&')}`, 'cache-control': 'no-store' },
  })
}

/** A refusal as plain text, for every kind of client. */
export function refusal({ status, text }: Refusal): Response {
  const headers = { 'content-type': 'text/plain;charset=UTF-8', 'cache-control': 'no-store' }
  return protect(new Response(`${text}\n`, { status, headers }))
}

/** Prevents other websites from loading, framing or reinterpreting a response. */
export function protect(response: Response): Response {
  response.headers.set('cross-origin-resource-policy', 'same-origin')
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('x-frame-options', 'DENY')
  return response
}
