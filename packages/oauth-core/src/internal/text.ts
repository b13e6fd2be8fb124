const encoder = new TextEncoder()

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

export const toBase64url = (bytes: Uint8Array): string => {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes of a base64 or base64url text. `undefined` for any other text. */
export const fromBase64url = (text: string): Uint8Array<ArrayBuffer> | undefined => {
  if (!/^(?:[A-Za-z0-9_+/-]+={0,2})?$/.test(text)) return undefined
  try {
    return Uint8Array.from(
      atob(text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '')),
      (char) => char.charCodeAt(0),
    )
  } catch {
    return undefined
  }
}

/** Is the value a possible Bearer token (RFC 6750, 2.1)? Such a text is safe in a header. */
export const isToken = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9._~+/=-]{16,4096}$/.test(value)

/**
 * Is the text free of lone surrogates? They have no UTF-8 form, so two different ids would become
 * the same bytes.
 */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)
