import { toBase64url, utf8 } from './text.ts'

/**
 * SHA-256 of a text in base64url. It is the S256 challenge of PKCE (RFC 7636, 4.2). It also
 * replaces a state or an id where the plain text must not be stored.
 */
export const sha256 = async (text: string): Promise<string> =>
  toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
