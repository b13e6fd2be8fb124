import type { DataCenterId } from '../../domain/data-centers.ts'
import type { ConnectionId, PrincipalId } from '../../domain/record.ts'
import type { EpochMs } from '../../domain/time.ts'
import { open, seal } from '../../store/seal.ts'
import { sha256 } from '../../internal/crypto.ts'
import type { Configuration } from '../../config/configure.ts'

/** The authorization request, sealed in a cookie of the browser that started it. */
export interface BrowserBinding {
  readonly state: string
  readonly codeVerifier: string
  readonly connection: ConnectionId
  readonly principal: PrincipalId
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly returnTo: string
  /** When the request was started, in store time. */
  readonly at: EpochMs
}

/** Each authorization request has its own cookie, so that it can run in several tabs at once. */
export const cookieNameOf = async (
  { redirectUri }: Configuration,
  state: string,
): Promise<string> => cookiePrefix(redirectUri) + (await sha256(state)).slice(0, 8)

/**
 * With `__Host-`, other subdomains cannot set the cookie (RFC 6265bis, 4.1.3). Over http, on a
 * loopback host, browsers would ignore it.
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
 * Opens the binding in a cookie. `undefined`: it was not sealed with our keys for this cookie name,
 * this client and this callback.
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
  // The text was sealed by this library, so its type is known.
  return 'text' in opened ? (JSON.parse(opened.text) as BrowserBinding) : undefined
}
