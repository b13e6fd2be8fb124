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

const style =
  'body{font:1em/1.5 system-ui;max-width:26em;margin:20vh auto;padding:0 1em}' +
  'a{background:#15c;color:#fff;border-radius:.5em;padding:.5em 1em;text-decoration:none}'

/** SHA-256 of this style, which is the only one that the page allows. A test recomputes it. */
const styleHash = 'sha256-cOd63LdqUJGW3A7KmL7OJellirC3gvh2OhIoyiw9P5A='

const contentSecurityPolicy =
  `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'; ` +
  "form-action 'none'"

export interface Page {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly link?: { readonly href: string; readonly label: string } | undefined
  readonly code?: string
  /** The browser requests the same URL again at once. */
  readonly shouldReload?: boolean
}

/** A static page: no scripts, no frames, no content from the request or from other hosts. */
export const page = (
  { status, title, text, link, code, shouldReload }: Page,
  headers: Readonly<Record<string, string>> = {},
): Response => {
  const html =
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">' +
    (shouldReload ? '<meta http-equiv="refresh" content="0">' : '') +
    `<title>${escape(title)}</title><style>${style}</style>` +
    `<h2>${escape(title)}</h2><p>${escape(text)}</p>` +
    (link ? `<a href="${escape(link.href)}">${escape(link.label)}</a>` : '') +
    (code ? `<p><code>${escape(code)}</code>` : '')
  const pageHeaders = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy,
    ...headers,
  }
  return respond(status, pageHeaders, html)
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
