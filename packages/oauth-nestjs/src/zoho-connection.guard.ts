import {
  HttpException,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common'
import { RecruitOAuthError, type Connection, type RecruitScope } from '@zrecruit/oauth-core'
import type { Client } from './client.ts'
import { getZohoRecruitToken, routesMark, passedGuards, refusalResponse } from './constants.ts'
import { httpRequestOf, type FrameworkRequest } from './http.ts'
import { toSentRequest } from './request-path.ts'

/** A request with the guards it has passed, by the name of their client. */
export type GuardedRequest = FrameworkRequest & {
  [passedGuards]?: Readonly<Record<string, PassedGuard>>
}
type PassedGuard = Readonly<{ client: Client; connection: Connection }>

/** Requirements of a handler, beyond a signed-in user. */
export interface ZohoConnectionRequirement {
  /** Scopes that must have been granted. Default: none, so any connection is enough. */
  readonly scopes?: readonly RecruitScope[]
  /** The name of the client, if the app has several. */
  readonly client?: string
}

export const createGuard = ({
  scopes,
  client: name,
}: ZohoConnectionRequirement): Type<CanActivate> => {
  const guardName =
    name === undefined ? 'ZohoConnectionGuard' : `@RequireZohoConnection({ client: '${name}' })`
  class ZohoConnectionGuard implements CanActivate {
    readonly client: Client

    constructor(client: Client) {
      this.client = client
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = requireHttpRequest(context, guardName)
      // Checks the class and not the path: only the library's own controller has this mark.
      if (routesMark in context.getClass()) return true
      const connection = await this.client.requireConnection(
        toSentRequest(request, this.client.strippedPrefix),
        { context: request, scopes },
      )
      // A guard can only allow or throw. The library's filter writes the response; other filters
      // see a plain exception of Nest.
      if (connection instanceof Response)
        throw Object.assign(new HttpException(await connection.clone().text(), connection.status), {
          [refusalResponse]: connection,
        })
      request[passedGuards] = {
        ...request[passedGuards],
        [name ?? '']: { client: this.client, connection },
      }
      return true
    }
  }
  Inject(getZohoRecruitToken(name))(ZohoConnectionGuard, undefined, 0)
  Injectable()(ZohoConnectionGuard)
  return ZohoConnectionGuard
}

/**
 * The guard of the client without a name, for any scopes: `@UseGuards(ZohoConnectionGuard)`, or as
 * `APP_GUARD` for the whole app. The guard never blocks the library's own routes. It is for HTTP
 * only, and refuses messages of other transports.
 */
export const ZohoConnectionGuard = createGuard({})

/**
 * The HTTP request of a context. A message has none, so the signed-in user is unknown there.
 * @param usedBy the guard or decorator, for the error message
 * @throws `configuration-invalid` where the context holds no HTTP request
 */
export const requireHttpRequest = (context: ExecutionContext, usedBy: string): GuardedRequest => {
  const request = httpRequestOf<GuardedRequest>(context)
  if (request) return request
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `${usedBy} was called in a context of the type \`${context.getType()}\`, without an HTTP ` +
      'request.',
    hint:
      'It is for HTTP controllers only. Put the guard on these with @UseGuards(). In handlers of ' +
      'messages use `zoho.connection(id)`, with an id that the sender cannot choose.',
  })
}
