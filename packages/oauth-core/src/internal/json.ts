/** An object's own members, by name: `__proto__` and its kind are not read. */
export type JsonObject = (name: string) => unknown

export const ownProperties = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (name) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined)
    : undefined

/**
 * The members of the object that a JSON text holds. The parser's own error would quote the text:
 * there is none.
 */
export const parseJsonObject = (text: string): JsonObject | undefined => {
  try {
    return ownProperties(JSON.parse(text))
  } catch {
    return undefined
  }
}
