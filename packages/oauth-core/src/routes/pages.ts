import type { ClientContext } from '../client/context.ts'
import type { PageAction, RoutePage } from '../config/host.ts'
import { pageStyle, pageStyleHash } from './page-style.ts'
import { respond } from './responses.ts'

interface PageHeaders {
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly cookies?: readonly string[] | undefined
}

/**
 * The response with a page: the app's own, or the default page. The default page is static: no
 * scripts, no frames, no content from other hosts.
 */
export const renderPage = (
  { config }: ClientContext,
  request: Request,
  page: RoutePage,
  { headers, cookies }: PageHeaders = {},
): Response => {
  const { renderPage: render, onEvent } = config
  if (render) {
    try {
      const html: unknown = render(page, request)
      if (typeof html !== 'string') throw new TypeError('`renderPage` must return a string.')
      return htmlResponse(page.status, html, ownPagePolicy, { headers, cookies })
    } catch (dangerousCause) {
      onEvent({ type: 'render-page-failed', dangerousCause })
    }
  }
  return htmlResponse(page.status, defaultPage(page), policyFor(page), { headers, cookies })
}

/** A page that requests the same URL again at once. It is shown for a moment only. */
export const reloadPage = (): Response => {
  const page: RoutePage = {
    type: 'confirm',
    status: 200,
    title: 'Connect Zoho Recruit',
    text: 'One moment, please.',
    actions: [],
  }
  const reload = '<meta http-equiv="refresh" content="0">'
  return htmlResponse(200, defaultPage(page, reload), policyFor(page))
}

const htmlResponse = (
  status: number,
  html: string,
  policy: string,
  { headers, cookies }: PageHeaders = {},
): Response => {
  const pageHeaders = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    ...headers,
  }
  return respond(status, pageHeaders, html, cookies)
}

/** The app decides what its own page loads, but no page may be framed. */
const ownPagePolicy = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"

/**
 * A page with a form has no `form-action`: browsers apply it to redirects, too, and the form leads
 * to Zoho, which redirects to hosts of its own choice.
 */
const policyFor = ({ actions }: RoutePage): string => {
  const hasForm = actions.some(({ method }) => method === 'POST')
  const policy = [
    "default-src 'none'",
    `style-src '${pageStyleHash}'`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    ...(hasForm ? [] : ["form-action 'none'"]),
  ]
  return policy.join('; ')
}

/** Two links of a chain. */
const icon =
  '<svg viewBox="0 0 48 24" width="48" height="24" fill="none" stroke="currentColor" ' +
  'stroke-width="3" aria-hidden="true"><rect x="2" y="5" width="26" height="14" rx="7"/>' +
  '<rect x="20" y="5" width="26" height="14" rx="7"/></svg>'

const defaultPage = (
  { title, text, code, displayName, actions }: RoutePage,
  extraHead = '',
): string =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
  '<meta name="viewport" content="width=device-width,initial-scale=1">' +
  '<meta name="robots" content="noindex">' +
  `${extraHead}<title>${escape(title)}</title><style>${pageStyle}</style></head>` +
  `<body><main>${icon}<h1>${escape(title)}</h1>` +
  (displayName === undefined ? '' : `<p class="for"><bdi>${escape(displayName)}</bdi></p>`) +
  `<p>${escape(text)}</p>` +
  (actions.length > 0 ? `<div class="actions">${actions.map(formatAction).join('')}</div>` : '') +
  (code ? `<p class="code">Code for support: <code>${escape(code)}</code></p>` : '') +
  '</main></body></html>'

const formatAction = ({ label, href, method }: PageAction, index: number): string => {
  const style = index === 0 ? 'main' : 'other'
  return method === 'POST'
    ? `<form method="post" action="${escape(href)}">` +
        `<button class="${style}">${escape(label)}</button></form>`
    : `<a class="${style}" href="${escape(href)}">${escape(label)}</a>`
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
