import { toBase64url, utf8 } from './text.ts'

/**
 * SHA-256 of a text, base64url: the S256 of PKCE (RFC 7636, 4.2), and how a state is spoken of
 * wherever it could be read.
 */
export const sha256 = async (text: string): Promise<string> =>
  toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
