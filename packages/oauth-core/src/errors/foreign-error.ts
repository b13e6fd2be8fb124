/**
 * The class and the code of an error that is not the library's, such as `TypeError`,
 * `ECONNREFUSED` or `TypeError, ECONNREFUSED`. They may be logged and shown, because they contain
 * no text of the message, which can quote addresses, statements and secrets. A `fetch` has the code
 * in its `cause`. `undefined`: neither is known. For stores, too.
 */
export const errorKindOf = (error: unknown): string | undefined => {
  try {
    const { name, constructor, code, cause } = Object(error) as Record<string, unknown>
    const names = [name, (constructor as { name?: unknown } | undefined)?.name]
    const codes = [code, (Object(cause) as { code?: unknown }).code]
    const parts = [names.find(isClassName), codes.find(isCode)]
    return parts.filter((part) => part !== undefined).join(', ') || undefined
  } catch {
    return undefined // A getter or a proxy can throw here.
  }
}

const isClassName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z]{1,40}Error$/.test(name)

/** A code of Node, such as `ECONNREFUSED`, or a SQLSTATE of five characters. */
const isCode = (code: unknown): code is string =>
  typeof code === 'string' && /^([A-Z][A-Z0-9_]{1,40}|[A-Z0-9]{5})$/.test(code)
