/**
 * The origin of a text that names a server: scheme, host and port, and at most a slash after them.
 * Upper case and a default port make no difference. `undefined` for any other text, such as one
 * with a path or with user info.
 */
export const toOrigin = (text: unknown): string | undefined => {
  const isServer = typeof text === 'string' && /^https?:\/\/[a-z0-9.:[\]-]{1,255}\/?$/i.test(text)
  return isServer ? URL.parse(text)?.origin : undefined
}
