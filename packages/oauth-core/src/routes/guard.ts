import { noTokenReason } from '../domain/record.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { createConnection, type Connection } from '../client/connection.ts'
import { readRecord } from '../client/tokens/access-token.ts'
import { safeReturnTo } from '../config/return-to.ts'
import { missingScopes, type RecruitScope } from '../domain/scopes.ts'
import { problemResponse } from './problem.ts'
import { isNavigation, redirect } from './responses.ts'
import { targetOf } from './target.ts'
import { resolveConnection, type RouteContext } from './context.ts'

/**
 * The connection of who asks, or the answer to give instead: a page navigation goes to `/connect`
 * and comes back; anything else gets 401 with the address to connect at; missing scopes get 403
 * naming them.
 */
export const requireConnection = async (
  context: RouteContext,
  scopes: readonly RecruitScope[] = [],
): Promise<Connection | Response> => {
  const { client, request, waitUntil } = context
  const { config } = client
  try {
    const { id } = await resolveConnection(context)
    const record = await readRecord(client, id, waitUntil)
    if (record.status !== 'active') {
      if (request.method === 'GET' && isNavigation(request)) {
        const { path, query } = targetOf(request)
        const search = query && `?${query}`
        const stripped = config.publicPath.slice(
          0,
          config.publicPath.length - config.mountPath.length,
        )
        const returnTo = safeReturnTo(stripped + path + search) ?? config.defaultReturnTo
        return redirect(`${config.publicPath}/connect?${new URLSearchParams({ returnTo })}`)
      }
      throw new RecruitOAuthError(noTokenReason(record.status))
    }
    const missing = missingScopes(record.tokens?.scopes ?? [], scopes)
    if (missing.length > 0) {
      const error = new RecruitOAuthError('scope-missing', {
        summary: `The connection lacks ${missing.join(', ')}.`,
      })
      return problemResponse(client, request, error, { members: { missingScopes: missing } })
    }
    return createConnection(client, id, waitUntil)
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return problemResponse(client, request, error)
  }
}
