import type { Refusal } from '../access/host.ts'
import type { Html } from '../pages/html.ts'

/**
 * A JSON answer with the content type that Zoho's accounts servers send (observed). Keys keep their
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

/** A page that loads nothing, runs nothing, and may not be framed. */
export function page(content: Html, status = 200): Response {
  return new Response(content.text, {
    status,
    headers: {
      'content-type': 'text/html;charset=UTF-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; " +
        "frame-ancestors 'none'",
      // A form's own POST names its origin; with `no-referrer` it would be `null`.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  })
}

/**
 * A redirect with parameters added to the query of an absolute URL, whose own bytes stay as they
 * are.
 */
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

/** A refusal as plain text, whoever asked. */
export function refusal({ status, text }: Refusal): Response {
  const headers = { 'content-type': 'text/plain;charset=UTF-8', 'cache-control': 'no-store' }
  return protect(new Response(`${text}\n`, { status, headers }))
}

/** No other website may load an answer, frame it, or have it read as another type. */
export function protect(answer: Response): Response {
  answer.headers.set('cross-origin-resource-policy', 'same-origin')
  answer.headers.set('x-content-type-options', 'nosniff')
  answer.headers.set('x-frame-options', 'DENY')
  return answer
}
