import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../../domain/record.ts'
import type { EpochMs } from '../../domain/time.ts'
import { open, seal, sealedLength } from '../../store/seal.ts'
import { sha256 } from '../../internal/crypto.ts'
import type { Configuration } from '../../config/configure.ts'

interface BindingContents {
  readonly connection: ConnectionId
  readonly principal: PrincipalId
  readonly dataCenter: DataCenterId
  readonly returnTo: string
  /** When the request was started, in store time. */
  readonly at: EpochMs
  /**
   * The request began with a ticket, in a page or program without the browser's cookies. So the
   * browser may have no session.
   */
  readonly isByTicket?: boolean
}

/** The authorization request, sealed in a cookie of the browser that started it. */
export interface BrowserBinding extends BindingContents {
  readonly state: string
  readonly codeVerifier: string
  readonly scopes: readonly string[]
}

/**
 * What remains of a request after its callback, in the cookie of the last callback. It has no
 * secret. If the user reloads, or goes back in the history, it says where they wanted to go.
 */
export interface UsedBinding extends BindingContents {
  readonly usedStateHash: string
}

export const toUsedBinding = (
  { connection, principal, dataCenter, returnTo, at, isByTicket = false }: BindingContents,
  usedStateHash: string,
): UsedBinding => ({ connection, principal, dataCenter, returnTo, at, isByTicket, usedStateHash })

/**
 * Each authorization request has its own cookie, so that it can run in several tabs at once.
 * Without `cookieName`, the name has a prefix and eight characters of the hash of the state.
 */
export const cookieNameOf = async (config: Configuration, state: string): Promise<string> =>
  config.cookieName ?? cookiePrefix(config) + (await sha256(state)).slice(0, 8)

/** The name of the cookie that remembers the last callback. */
export const lastCallbackCookieName = (config: Configuration): string =>
  config.cookieName ?? `${cookiePrefix(config)}last`

/**
 * With `__Host-`, other subdomains cannot set the cookie (RFC 6265bis, 4.1.3). Over http, on a
 * loopback host, browsers would ignore it.
 */
const cookiePrefix = ({ hasSecureCookies }: Configuration): string =>
  hasSecureCookies ? '__Host-zro-' : 'zro-'

export const sealBinding = async (
  config: Configuration,
  cookieName: string,
  binding: BrowserBinding | UsedBinding,
): Promise<string> =>
  seal(
    config.keyRing,
    config.random,
    'browser-binding',
    [config.clientId, config.redirectUri, cookieName],
    JSON.stringify(binding),
  )

/**
 * Opens the binding in a cookie. `undefined`: it was not sealed with our keys for this cookie name,
 * this client and this callback.
 */
export const openBinding = async (
  config: Configuration,
  cookieName: string,
  value: string,
): Promise<BrowserBinding | UsedBinding | undefined> => {
  const opened = await open(
    config.keyRing,
    'browser-binding',
    [config.clientId, config.redirectUri, cookieName],
    value,
  )
  // The text was sealed by this library, so its type is known.
  return 'text' in opened ? (JSON.parse(opened.text) as BrowserBinding | UsedBinding) : undefined
}

/**
 * Is it the cookie of the request with this state? Hashes are compared, so that the duration of the
 * comparison reveals nothing about the state.
 */
export const isOfState = async (
  binding: BrowserBinding | UsedBinding,
  stateHash: string,
): Promise<boolean> =>
  ('state' in binding ? await sha256(binding.state) : binding.usedStateHash) === stateHash

/** A cookie may have 4,096 bytes, with its name. */
const maxCookieValueLength = 4_000

/**
 * By how many characters the sealed binding is too long for a cookie; 0 if it fits. Browsers ignore
 * a longer cookie without an error (RFC 6265bis, 5.6), and every callback would be refused.
 */
export const excessLength = (binding: BrowserBinding): number =>
  Math.max(0, sealedLength(JSON.stringify(binding)) - maxCookieValueLength)
