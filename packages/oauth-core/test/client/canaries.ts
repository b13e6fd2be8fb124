/** A random secret for one run. If it is found anywhere, it was leaked. */
const randomText = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return [...bytes].map((byte) => (byte % 36).toString(36)).join('')
}

export const canary = (prefix: string): string => `${prefix}${randomText()}`

/**
 * The spellings in which a secret could leak: in clear, its end, base64 in each of three
 * alignments, hexadecimal, percent-encoded, reversed.
 */
export const spellings = (secret: string): string[] => {
  const base64 = ['', 'x', 'xx'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .slice(before.length ? 4 : 0, -6),
  )
  return [
    secret,
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    Buffer.from(secret).toString('hex'),
    encodeURIComponent(secret),
    [...secret].toReversed().join(''),
    secret.slice(-14),
  ]
}
