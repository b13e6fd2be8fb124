/** A client may be set to answer octets. */
export const asText = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value)
  return ''
}
