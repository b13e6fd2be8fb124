const upperAlphanumerics = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** `count` lower-case hexadecimal digits from WebCrypto. `count` is even. */
function hexadecimal(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count / 2))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * A code or a token: `1000.<32 hex>.<32 hex>`.
 * The shape is that of the samples at
 * https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token.html
 */
export function randomToken(): string {
  return `1000.${hexadecimal(32)}.${hexadecimal(32)}`
}

/** A client id: `1000.` and 30 upper-case letters and digits, like Zoho's samples. */
export function randomClientId(): string {
  let characters = ''
  while (characters.length < 30) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0
    // 252 is the largest multiple of 36 in a byte. Larger bytes would favour the first letters.
    if (byte < 252) characters += upperAlphanumerics[byte % 36]
  }
  return `1000.${characters}`
}

/** A client secret: 42 lower-case hexadecimal digits, like Zoho's samples. */
export function randomClientSecret(): string {
  return hexadecimal(42)
}

/** The nonce by which a page allows its own script and style. */
export function randomNonce(): string {
  return hexadecimal(32)
}
