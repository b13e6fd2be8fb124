import type { ServerKind } from '../data-centers.ts'
import { type Refusal, refuseHost } from './host.ts'

/** Pages that other websites may link or redirect to. They only display data. */
const linkedPages: readonly string[] = ['/oauth/v2/auth', '/_emulator', '/_emulator/']

/** Servers whose requests carry an access token. */
const apiServers: readonly ServerKind[] = ['recruitApi', 'uploadServer', 'sandboxApi']

/**
 * Refuses requests that a website could send through a developer's browser. Programs (servers,
 * tests, curl) send neither `Sec-Fetch-Site` nor `Origin` and are not restricted.
 */
export function refuseRequest(request: Request, server: ServerKind): Refusal | undefined {
  const { host } = new URL(request.url)
  const rawHeaders = ['host', request.headers.get('host') ?? host]
  return refuseHost({ rawHeaders }) ?? refuseWebsite(request, server)
}

/**
 * Whether a browser sent the request. `Sec-Fetch-Mode` does not show this: Node's `fetch` sends it.
 */
export function isFromBrowser({ headers }: Request): boolean {
  return headers.has('sec-fetch-site') || headers.has('origin')
}

function refuseWebsite(request: Request, server: ServerKind): Refusal | undefined {
  if (!isFromBrowser(request) || isFromOwnPage(request)) return undefined
  if (isFromAddressBar(request) || isLinkToPage(request, server)) return undefined
  if (apiServers.includes(server) && carriesAccessToken(request)) return undefined
  const { headers } = request
  const names = ['Sec-Fetch-Site', 'Origin'].filter((name) => headers.has(name))
  const sent = names.map((name) => `${name}: ${headers.get(name)?.slice(0, 100)}`).join(', ')
  return {
    status: 403,
    text:
      `Another website sent this request in a browser (${sent}), so the emulator did nothing. ` +
      "Send it from a server, a test or curl, or use the emulator's own pages. " +
      'Other websites may only link or redirect to /oauth/v2/auth and /_emulator/.',
  }
}

/**
 * `Sec-Fetch-Site` decides, because a page with the referrer policy `no-referrer` sends
 * `Origin: null` with its own forms. Browsers without that header send `Origin` with every POST.
 */
function isFromOwnPage({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  return site === null ? headers.get('origin') === new URL(url).origin : site === 'same-origin'
}

/** An address that was typed or opened from a bookmark. No website can cause `none`. */
function isFromAddressBar({ headers, method }: Request): boolean {
  return headers.get('sec-fetch-site') === 'none' && !headers.has('origin') && isRead(method)
}

/**
 * A link or a redirect that loads a whole tab: not a frame, an image, a script, `fetch` or a
 * prefetch.
 */
function isLinkToPage({ headers, method, url }: Request, server: ServerKind): boolean {
  const loadsTab =
    headers.get('sec-fetch-mode') === 'navigate' &&
    headers.get('sec-fetch-dest') === 'document' &&
    !headers.has('sec-purpose')
  const isPage = server === 'accountsServer' && linkedPages.includes(new URL(url).pathname)
  return isPage && loadsTab && isRead(method)
}

/**
 * Allows an app's server that forwards the headers of its own visitor. A website cannot add this
 * header without a preflight request, which is refused.
 */
function carriesAccessToken({ headers }: Request): boolean {
  return headers.get('authorization')?.startsWith('Zoho-oauthtoken ') ?? false
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}
