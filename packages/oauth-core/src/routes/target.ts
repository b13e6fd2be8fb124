/** The path and the query of a request, byte for byte as they were sent. */
export interface Target {
  readonly path: string
  /** Without the question mark. */
  readonly query: string
}

/**
 * Reads the target from the text of `request.url`, never from a parsed `URL`. `new URL()`
 * normalizes: `/admin/../zoho/connect` becomes `/zoho/connect`. Deno and workerd leave
 * `request.url` as it was sent, and the app's router matches that. A path that only the parser
 * turns into one of our routes must not be taken for one.
 */
export const targetOf = ({ url }: Request): Target => {
  const [, path = '', query = ''] = /^[^:]*:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(url) ?? []
  return { path, query }
}
