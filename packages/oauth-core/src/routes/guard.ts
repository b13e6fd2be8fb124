import { noTokenReason, type ConnectionId } from '../domain/record.ts'
import {
  isRecruitOAuthError,
  nameConnection,
  RecruitOAuthError,
} from '../errors/recruit-oauth-error.ts'
import { createConnection, type Connection } from '../client/connection.ts'
import { fitsIntoCookie } from '../client/consent/begin.ts'
import { readRecord } from '../client/tokens/access-token.ts'
import type { ConnectionRef } from '../config/options.ts'
import { missingScopes, type RecruitScope } from '../domain/scopes.ts'
import { startAgainUrl, visitedPath } from './addresses.ts'
import { problemResponse } from './problem.ts'
import {
  findConnectionOrThrow,
  isNavigation,
  isPrefetch,
  queryParameter,
  type RouteContext,
} from './request.ts'
import { redirect, respond } from './responses.ts'

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
    const ref = await findConnectionOrThrow(context)
    const { id } = ref
    connection = id
    const record = await readRecord(client, id, waitUntil)
    if (record.status !== 'active') {
      const isPage = request.method === 'GET' && isNavigation(request)
      // `failureReturnTo` can be behind this guard. Another consent would fail again at once.
      const hasFailed = queryParameter(request, 'connectError') !== undefined
      if (isPage && isPrefetch(request)) return respond(503)
      if (isPage && !hasFailed)
        return redirect(startAgainUrl(client.config, { returnTo: returnToOf(context, ref) }))
      throw new RecruitOAuthError(noTokenReason(record.status))
    }
    const missing = missingScopes(record.tokens?.scopes ?? [], scopes)
    if (missing.length > 0) {
      const error = scopeMissing(context, id, missing)
      return refuse(context, error, { missingScopes: missing })
    }
    return createConnection(client, id, waitUntil)
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    if (connection !== undefined) nameConnection(error, connection)
    return refuse(context, error)
  }
}

const refuse = (
  { client, request }: RouteContext,
  error: RecruitOAuthError,
  members?: Readonly<Record<string, unknown>>,
): Response => {
  const here = visitedPath(client.config, request)
  return problemResponse(client, request, 'guard', error, { members, returnTo: here, here })
}

/** Another consent helps only if the app requests the missing scopes. */
const scopeMissing = (
  { client }: RouteContext,
  connection: ConnectionId,
  missing: readonly string[],
): RecruitOAuthError => {
  const summary = `The connection lacks ${missing.join(', ')}.`
  const isRequested = missingScopes(client.config.scopes, missing).length === 0
  return new RecruitOAuthError(
    'scope-missing',
    isRequested
      ? { connection, summary, hint: 'Send the user to /connect.' }
      : { connection, summary, remedy: 'fix-configuration' },
  )
}

/** The page to return to after the consent; `undefined` if `/connect` would refuse it. */
const returnToOf = ({ client, request }: RouteContext, ref: ConnectionRef): string | undefined => {
  const path = visitedPath(client.config, request)
  return path !== undefined && fitsIntoCookie(client, ref, path) ? path : undefined
}
