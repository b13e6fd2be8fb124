/** A client may be set to answer octets. */
export const asText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : ArrayBuffer.isView(value)
      ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
      : ''
