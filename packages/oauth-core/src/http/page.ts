import { respond } from './responses.ts'

const style =
  'body{font:16px/1.5 system-ui;background:#f5f6f8;margin:0;display:grid;min-height:100vh;place-items:center}' +
  'main{background:#fff;border-radius:12px;max-width:26rem;margin:1rem;padding:1rem 2rem}' +
  'a{display:inline-block;background:#1d5fd1;color:#fff;border-radius:8px;padding:.5rem 1rem;text-decoration:none}'

/** SHA-256 of the style above: the page may use this style and nothing else. A test recomputes it. */
const styleHash = 'sha256-8bCC7VcvP+uuBRbw8M4rcTQ7BklpDEOHV7Dj+lZk0zs='

const policy = `default-src 'none'; style-src '${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

export interface Page {
  readonly status: number
  readonly title: string
  readonly text: string
  readonly link?: { readonly href: string; readonly label: string } | undefined
  readonly code?: string
}

/** A static page: no script, no frame, nothing from another host, nothing from the request. */
export const page = ({ status, title, text, link, code }: Page, headers: Readonly<Record<string, string>> = {}): Response =>
  respond(
    status,
    { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, ...headers },
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>` +
      `<style>${style}</style><main><h2>${escape(title)}</h2><p>${escape(text)}</p>` +
      (link ? `<a href="${escape(link.href)}">${escape(link.label)}</a>` : '') +
      (code ? `<p><code>${escape(code)}</code></p>` : '') +
      '</main></html>',
  )

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
