/**
 * Returns the value of an object's own property. Inherited properties such as `__proto__` are
 * `undefined`.
 */
export type PropertyReader = (name: string) => unknown

/** `undefined` if the value is not an object, or is an array. */
export const ownProperties = (value: unknown): PropertyReader | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (name) => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined)
    : undefined

/**
 * The properties of the object in a JSON text; `undefined` if the text is not a JSON object. The
 * parser's error is dropped, because it would quote the text.
 */
export const parseJsonObject = (text: string): PropertyReader | undefined => {
  try {
    return ownProperties(JSON.parse(text))
  } catch {
    return undefined
  }
}
