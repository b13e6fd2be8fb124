import type { Configuration } from '../../config/configure.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { sha256 } from '../../internal/crypto.ts'
import {
  cookieNameOf,
  isOfState,
  lastCallbackCookieName,
  openBinding,
  sealBinding,
  toUsedBinding,
  type BrowserBinding,
  type UsedBinding,
} from './browser-binding.ts'

/** The value of a cookie; `repeated` if the browser sent the name more than once. */
export type ReadCookie = (name: string) => { readonly value: string } | 'repeated' | undefined

/** A cookie to set, or to clear if it has no value. */
export interface CookieChange {
  readonly name: string
  readonly value?: string
}

/** What the browser's cookies say about a callback. */
export interface CallbackCookies {
  readonly stateHash: string
  /** The name of the request's cookie, if the browser sent it. */
  readonly requestCookie: string | undefined
  /** The authorization request, or what is left of it if its callback was received before. */
  readonly binding: BrowserBinding | UsedBinding | undefined
}

/** @throws `callback-malformed` if the browser sent a cookie twice */
export const readCallbackCookies = async (
  config: Configuration,
  readCookie: ReadCookie,
  state: string,
): Promise<CallbackCookies> => {
  const stateHash = await sha256(state)
  const open = async (name: string) => {
    const cookie = readCookie(name)
    if (cookie === 'repeated') throw new RecruitOAuthError('callback-malformed')
    const opened = cookie && (await openBinding(config, name, cookie.value))
    const isSameState = opened !== undefined && (await isOfState(opened, stateHash))
    return { isPresent: cookie !== undefined, binding: isSameState ? opened : undefined }
  }
  const requestName = await cookieNameOf(config, state)
  const { isPresent, binding } = await open(requestName)
  const requestCookie = isPresent ? requestName : undefined
  if (binding) return { stateHash, requestCookie, binding }
  const last = await open(lastCallbackCookieName(config))
  return { stateHash, requestCookie, binding: last.binding }
}

/**
 * The cookies after a callback: the request's cookie is cleared, and one cookie remembers the last
 * callback, without a secret.
 */
export const cookiesAfterCallback = async (
  config: Configuration,
  { stateHash, requestCookie, binding }: CallbackCookies,
): Promise<readonly CookieChange[]> => {
  const lastName = lastCallbackCookieName(config)
  // With `cookieName`, a cookie that did not open can belong to another request, or to the app.
  const shouldClear = requestCookie !== undefined && requestCookie !== lastName
  const cleared = shouldClear ? [{ name: requestCookie }] : []
  if (!binding) return cleared
  const value = await sealBinding(config, lastName, toUsedBinding(binding, stateHash))
  return [...cleared, { name: lastName, value }]
}
