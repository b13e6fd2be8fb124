import { memoryStore } from '@zrecruit/oauth-core/memory'
import { appOn } from './app.ts'
import type { ZohoAt } from './zoho.ts'

/** The request by which a browser comes back from Zoho. */
export interface Callback {
  readonly url: string
  readonly cookie: string
}

/** Where the browser is sent, and the cookie that it is given. */
export interface AuthorizationStart {
  readonly url: string
  readonly cookie: { readonly name: string; readonly value: string }
}

/**
 * A user consents: the app began, the form of the consent page was sent, and the browser is about
 * to follow the redirect. It began on another store. Core would begin no more than ten times in ten
 * minutes on the one under proof, as Zoho permits, and a browser binding is sealed into its cookie,
 * not kept in a store.
 */
export const consent = async (zoho: ZohoAt, id: string): Promise<Callback> => {
  return approve(await appOn(memoryStore(), zoho).startAuthorization({ id, principal: id }), 'eu')
}

/**
 * Sends the form of the consent page. `account`: who signs in at Zoho, by e-mail address or data
 * center.
 */
export const approve = async (
  { url, cookie }: AuthorizationStart,
  account: string,
): Promise<Callback> => {
  const body = new URLSearchParams({ decision: 'approve', account })
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  const back = answer.headers.get('location')
  if (back === null) throw new Error(`no way back from the consent page: ${answer.status}`)
  return { url: back, cookie: `${cookie.name}=${cookie.value}` }
}

export const requestOf = ({ url, cookie }: Callback): Request =>
  new Request(url, { headers: { cookie } })
