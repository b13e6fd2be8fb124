import { isId, type ClientContext } from '../client/context.ts'
import type { Configuration } from '../config/configure.ts'
import type { WaitUntil } from '../config/host.ts'
import { invalidOption } from '../config/invalid-option.ts'
import type { ConnectionRef } from '../config/options.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { trustedOriginOf } from './cors.ts'

/** One request, with the client and the app's functions for this request. */
export interface RouteContext {
  readonly client: ClientContext
  readonly request: Request
  /** The app's `connectionFor`, called with the context of this request. */
  readonly connectionFor: () => Promise<ConnectionRef | undefined>
  readonly waitUntil: WaitUntil
}

/** Calls `connectionFor`. `undefined`: nobody is signed in. @throws `configuration-invalid` */
export const findConnection = async ({
  connectionFor,
}: RouteContext): Promise<ConnectionRef | undefined> => {
  const ref = await connectionFor()
  if (!ref) return undefined
  // Each member is read once, so that the checked values are the values that are used.
  const { id, principal, dataCenter, displayName } = ref
  if (!isId(id) || !isId(principal))
    throw invalidOption('connectionFor', 'returned no valid `id` and `principal`')
  if (displayName !== undefined && !isDisplayName(displayName))
    throw invalidOption(
      'connectionFor',
      'returned a `displayName` that does not have 1 to 200 characters without line breaks and ' +
        'controls of the text direction',
    )
  return { id, principal, dataCenter, displayName }
}

const isDisplayName = (value: unknown): boolean =>
  isId(value) && value.length <= 200 && !/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(value)

/**
 * Like `findConnection`, but throws if nobody is signed in.
 * @throws `principal-missing`, `configuration-invalid`
 */
export const findConnectionOrThrow = async (context: RouteContext): Promise<ConnectionRef> => {
  const ref = await findConnection(context)
  if (!ref) throw new RecruitOAuthError('principal-missing')
  return ref
}

/** The path and the query of a request, byte for byte as they were sent. */
export interface RequestTarget {
  readonly path: string
  /** Without the question mark. */
  readonly query: string
}

/**
 * Reads the target from the text of `request.url`, never from a parsed `URL`. `new URL()`
 * normalizes: `/admin/../zoho/connect` becomes `/zoho/connect`. Deno and workerd leave
 * `request.url` as it was sent, and the app's router matches that. A path that becomes a route only
 * by normalizing must not be answered as that route.
 */
export const targetOf = ({ url }: Request): RequestTarget => {
  const [, path = '', query = ''] = /^[^:]*:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(url) ?? []
  return { path, query }
}

/**
 * Is it a browser that opens a page, and not a script? Navigations are answered with pages and
 * redirects. Browsers send `Sec-Fetch-Dest` together with `Sec-Fetch-Mode`. Node's `fetch` sends
 * `Sec-Fetch-Mode` alone, and the value says nothing. Without `Sec-Fetch-Dest`, `Accept` decides.
 */
export const isNavigation = ({ headers }: Request): boolean =>
  headers.has('sec-fetch-dest')
    ? headers.get('sec-fetch-mode') === 'navigate'
    : (headers.get('accept') ?? '').includes('text/html')

/**
 * Does a browser open a page in a tab or window of its own, and not in a frame? A browser that does
 * not send `Sec-Fetch-Dest` gets the benefit of the doubt, and so do programs.
 */
export const isTopLevelNavigation = ({ headers }: Request): boolean => {
  const destination = headers.get('sec-fetch-dest')
  if (destination === null) return true
  return headers.get('sec-fetch-mode') === 'navigate' && destination === 'document'
}

/**
 * Does a browser, or a proxy for one, load the page in advance? Such a request must have no effect.
 */
export const isPrefetch = ({ headers }: Request): boolean =>
  ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(headers.get(name) ?? ''),
  )

/** The value of a parameter of the query; of the first one, if there are several. */
export const queryParameter = (request: Request, name: string): string | undefined =>
  new URLSearchParams(targetOf(request).query).get(name) ?? undefined

/** The site that sent the request, according to the browser. `cross`: another site or host. */
export const requestSite = ({ headers }: Request): 'same' | 'cross' | 'unknown' => {
  const site = headers.get('sec-fetch-site')
  if (site === null) return 'unknown'
  return site === 'same-origin' || site === 'none' ? 'same' : 'cross'
}

/**
 * Refuses a state-changing request that another site could have sent. `Sec-Fetch-Site` takes
 * precedence over `Origin`, because with a referrer policy of `no-referrer`, browsers send
 * `Origin: null` even with the app's own forms. Browsers without `Sec-Fetch-Site` send `Origin`
 * with every POST. A request with neither header does not come from a browser, so another site
 * cannot have sent it with a user's cookies.
 * @throws `cross-site-request`
 */
export const refuseCrossSite = (
  request: Request,
  config: Configuration,
  { allowTrusted }: { readonly allowTrusted: boolean },
): void => {
  if (allowTrusted && trustedOriginOf(request, config) !== undefined) return
  const { appOrigin } = config
  const origin = request.headers.get('origin') ?? appOrigin
  const site = requestSite(request)
  const isCrossSite = site === 'unknown' ? origin !== appOrigin : site === 'cross'
  if (isCrossSite) throw new RecruitOAuthError('cross-site-request')
}
