/** A secret that is made up for one run: found anywhere, it was leaked. */
export const canary = (what: string): string =>
  `${what}${[...crypto.getRandomValues(new Uint8Array(24))].map((byte) => (byte % 36).toString(36)).join('')}`

/**
 * A secret in the spellings it could leak in: as it is, its end, base64 in each of three
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
