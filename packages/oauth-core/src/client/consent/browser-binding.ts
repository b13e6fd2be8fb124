import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../../domain/record.ts'
import type { EpochMs } from '../../domain/time.ts'
import { open, seal } from '../../store/seal.ts'
import { sha256 } from '../../internal/crypto.ts'
import type { Configuration } from '../../config/configure.ts'

/**
 * What ties a callback to the browser that began: all of the authorization request, sealed into one
 * cookie.
 */
export interface BrowserBinding {
  readonly state: string
  readonly codeVerifier: string
  readonly connection: ConnectionId
  readonly principal: PrincipalId
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly returnTo: string
  readonly at: EpochMs
}

/** A cookie for each authorization request, so that parallel tabs do not disturb each other. */
export const cookieNameOf = async (
  { redirectUri }: Configuration,
  state: string,
): Promise<string> => cookiePrefix(redirectUri) + (await sha256(state)).slice(0, 8)

/**
 * `__Host-` keeps sibling subdomains out (RFC 6265bis, 4.1.3). On a loopback host over http
 * browsers would drop it.
 */
const cookiePrefix = (redirectUri: string): string =>
  redirectUri.startsWith('https:') ? '__Host-zro-' : 'zro-'

export const sealBinding = async (
  config: Configuration,
  cookieName: string,
  binding: BrowserBinding,
): Promise<string> =>
  seal(
    config.keyRing,
    config.random,
    'browser-binding',
    [config.clientId, config.redirectUri, cookieName],
    JSON.stringify(binding),
  )

/**
 * The binding in a cookie, or `undefined` where the cookie was not sealed by us, under this name,
 * for this client and this callback.
 */
export const openBinding = async (
  config: Configuration,
  cookieName: string,
  value: string,
): Promise<BrowserBinding | undefined> => {
  const opened = await open(
    config.keyRing,
    'browser-binding',
    [config.clientId, config.redirectUri, cookieName],
    value,
  )
  // What opens was sealed here: its shape is known.
  return 'text' in opened ? (JSON.parse(opened.text) as BrowserBinding) : undefined
}
