import { memoryStore } from '@zrecruit/oauth-core/memory'
import { createApp } from './app.ts'
import type { ZohoAddress } from './zoho.ts'

/** The callback request of a browser. */
export interface Callback {
  readonly url: string
  readonly cookie: string
}

/** The authorization URL and the cookie that binds it to the browser. */
export interface AuthorizationStart {
  readonly url: string
  readonly cookie: { readonly name: string; readonly value: string }
}

/**
 * Starts an authorization and approves it. The result is the callback request, which is not sent.
 *
 * The authorization starts on a separate store, because core starts at most ten in ten minutes on
 * one store (Zoho's limit). This works because the browser binding is in the cookie and not in a
 * store.
 */
export const consent = async (zoho: ZohoAddress, id: string): Promise<Callback> => {
  const app = createApp(memoryStore(), zoho)
  return approve(await app.startAuthorization({ id, principal: id }), 'eu')
}

/**
 * Submits the consent page.
 * @param account the Zoho user, by e-mail address or data center
 */
export const approve = async (
  { url, cookie }: AuthorizationStart,
  account: string,
): Promise<Callback> => {
  const body = new URLSearchParams({ decision: 'approve', account })
  const response = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  const location = response.headers.get('location')
  if (location === null)
    throw new Error(`the consent page answered ${response.status} without a redirect`)
  return { url: location, cookie: `${cookie.name}=${cookie.value}` }
}

export const requestOf = ({ url, cookie }: Callback): Request =>
  new Request(url, { headers: { cookie } })
