import { respond } from './responses.ts'

const style =
  'body{font:1em/1.5 system-ui;max-width:26em;margin:20vh auto;padding:0 1em}' +
  'a{background:#15c;color:#fff;border-radius:.5em;padding:.5em 1em;text-decoration:none}'

/**
 * SHA-256 of the style above: the page may use this style and nothing else. A test recomputes it.
 */
const styleHash = 'sha256-cOd63LdqUJGW3A7KmL7OJellirC3gvh2OhIoyiw9P5A='

const policy =
  `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'; ` +
  "form-action 'none'"

export interface Page {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly link?: { readonly href: string; readonly label: string } | undefined
  readonly code?: string
  /** It asks for its own address again, at once. */
  readonly reloads?: boolean
}

/** A static page: no script, no frame, nothing from another host, nothing from the request. */
export const page = (
  { status, title, text, link, code, reloads }: Page,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  respond(
    status,
    { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, ...headers },
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">${reloads ? '<meta http-equiv="refresh" content="0">' : ''}<title>${escape(title)}</title>` +
      `<style>${style}</style><h2>${escape(title)}</h2><p>${escape(text)}</p>` +
      (link ? `<a href="${escape(link.href)}">${escape(link.label)}</a>` : '') +
      (code ? `<p><code>${escape(code)}</code>` : ''),
  )

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
