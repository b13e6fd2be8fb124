/**
 * The session of the app under test, for `connectionFor`. It is read from the `Cookie` header:
 * `session=alice@acme` is the principal `alice` with the connection `acme`. Without the cookie the
 * user is signed out. `session=broken` throws an error of the app.
 */
export const connectionOf = (
  cookie: string | null | undefined,
): { id: string; principal: string; displayName?: string } | undefined => {
  const session = /(?:^|; )session=([^;]*)/.exec(cookie ?? '')?.[1]
  if (session === undefined) return undefined
  if (session === 'broken') throw new Error('own error')
  const [principal = '', id = ''] = session.split('@')
  return { id, principal, displayName: `${principal} of ${id}`.slice(0, 200) }
}
