/**
 * The session of the app under test, from its `Cookie` header: `session=alice@acme` is the
 * principal `alice` with the connection `acme`; nobody without one; `session=broken` throws the
 * app's own error. For `connectionFor`.
 */
export const connectionOf = (
  cookie: string | null | undefined,
): { id: string; principal: string } | undefined => {
  const session = /(?:^|; )session=([^;]*)/.exec(cookie ?? '')?.[1]
  if (session === undefined) return undefined
  if (session === 'broken') throw new Error('own error')
  const [principal = '', id = ''] = session.split('@')
  return { id, principal }
}
