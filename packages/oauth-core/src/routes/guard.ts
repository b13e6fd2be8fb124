import { noTokenReason, type ConnectionId } from '../domain/record.ts'
import {
  isRecruitOAuthError,
  nameConnection,
  RecruitOAuthError,
} from '../errors/recruit-oauth-error.ts'
import { createConnection, type Connection } from '../client/connection.ts'
import { readRecord } from '../client/tokens/access-token.ts'
import { safeReturnTo } from '../config/return-to.ts'
import { missingScopes, type RecruitScope } from '../domain/scopes.ts'
import { problemResponse } from './problem.ts'
import { isNavigation, findConnectionOrThrow, targetOf, type RouteContext } from './request.ts'
import { redirect } from './responses.ts'

/**
 * The connection of the signed-in user, or a response to send instead. Without a connection, a
 * navigation is redirected to `/connect` and comes back afterwards; any other request gets a 401
 * with the URL of `/connect`. If scopes are missing, the response is a 403 that names them.
 */
export const requireConnection = async (
  context: RouteContext,
  scopes: readonly RecruitScope[] = [],
): Promise<Connection | Response> => {
  const { client, request, waitUntil } = context
  let connection: ConnectionId | undefined
  try {
    const { id } = await findConnectionOrThrow(context)
    connection = id
    const record = await readRecord(client, id, waitUntil)
    if (record.status !== 'active') {
      const canRedirect = request.method === 'GET' && isNavigation(request)
      if (canRedirect) return redirectToConnect(context)
      throw new RecruitOAuthError(noTokenReason(record.status))
    }
    const missing = missingScopes(record.tokens?.scopes ?? [], scopes)
    if (missing.length > 0) {
      const error = new RecruitOAuthError('scope-missing', {
        connection: id,
        summary: `The connection lacks ${missing.join(', ')}.`,
      })
      return problemResponse(client, request, 'guard', error, {
        members: { missingScopes: missing },
      })
    }
    return createConnection(client, id, waitUntil)
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    if (connection !== undefined) nameConnection(error, connection)
    return problemResponse(client, request, 'guard', error)
  }
}

const redirectToConnect = ({ client, request }: RouteContext): Response => {
  const { publicPath, mountPath, defaultReturnTo } = client.config
  const { path, query } = targetOf(request)
  const search = query && `?${query}`
  // The part of the public path that a proxy strips. The browser needs it to come back.
  const strippedPrefix = publicPath.slice(0, publicPath.length - mountPath.length)
  const returnTo = safeReturnTo(strippedPrefix + path + search) ?? defaultReturnTo
  return redirect(`${publicPath}/connect?${new URLSearchParams({ returnTo })}`)
}
