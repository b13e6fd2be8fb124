import {
  createParamDecorator,
  HttpException,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type Type,
  UseGuards,
} from '@nestjs/common'
import { RecruitOAuthError, type Connection, type RecruitScope } from '@zrecruit/oauth-core'
import { getZohoRecruitToken, type Client } from './client.ts'
import { httpRequestOf, webRequest, type FrameworkRequest } from './http.ts'
import { isRoutes } from './zoho-recruit.controller.ts'

export const passedGates = Symbol.for('@zrecruit/oauth-nestjs/passed')
export const refusalResponse = Symbol.for('@zrecruit/oauth-nestjs/refusal')

/** By the name of their client, the gates that a request has passed. */
export type Gated = FrameworkRequest & { [passedGates]?: Readonly<Record<string, Gate>> }
type Gate = Readonly<{ client: Client; connection: Connection }>

/** What a handler needs beyond a signed-in user. */
export interface ZohoConnectionRequirement {
  /** Scopes that must have been granted. Default: any connection will do. */
  readonly scopes?: readonly RecruitScope[]
  /** The name of the client, where the app has several. */
  readonly client?: string
}

/**
 * Requires a connection for a controller or a handler:
 * `@RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'], client: 'emea' })`. A page without
 * a connection is redirected to connect, a script gets 401, missing scopes get 403.
 */
export const RequireZohoConnection = (
  requirement: ZohoConnectionRequirement = {},
): ClassDecorator & MethodDecorator => UseGuards(createGuard(requirement))

const createGuard = ({ scopes, client: name }: ZohoConnectionRequirement): Type<CanActivate> => {
  const guardName =
    name === undefined ? 'ZohoConnectionGuard' : `@RequireZohoConnection({ client: '${name}' })`
  class ZohoConnectionGuard implements CanActivate {
    readonly client: Client

    constructor(client: Client) {
      this.client = client
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = requestIn(context, guardName)
      // By identity: this controller is the library's own.
      if (isRoutes in context.getClass()) return true
      const connection = await this.client.requireConnection(webRequest(request), {
        context: request,
        scopes,
      })
      // A guard lets pass or throws. So it throws the answer, for the filter below to write; to
      // others it is an exception of Nest's own.
      if (connection instanceof Response)
        throw Object.assign(new HttpException(await connection.clone().text(), connection.status), {
          [refusalResponse]: connection,
        })
      request[passedGates] = {
        ...request[passedGates],
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
 * `APP_GUARD` for the whole app. It never blocks the library's own routes. It is for HTTP only:
 * messages of other transports are refused.
 */
export const ZohoConnectionGuard = createGuard({})

/**
 * The connection of who asks, behind the gate of that client: `list(@ZohoConnection() zoho:
 * Connection)`.
 */
export const ZohoConnection: (client?: string) => ParameterDecorator = createParamDecorator(
  (name: string | undefined, context): Connection => {
    const gate = requestIn(context, '@ZohoConnection()')[passedGates]?.[name ?? '']
    if (gate) return gate.connection
    throw new RecruitOAuthError('configuration-invalid', {
      summary: '@ZohoConnection() is used in a handler without a guard of its client.',
      hint: 'Put @RequireZohoConnection() there, with `client` if the client has a name.',
    })
  },
)

/**
 * Who is signed in can be read from an HTTP request, and not from a message.
 * @throws `configuration-invalid` where the context holds no HTTP request
 */
const requestIn = (context: ExecutionContext, asked: string): Gated => {
  const request = httpRequestOf<Gated>(context)
  if (request) return request
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `${asked} was called in a context of the type \`${context.getType()}\`, without an HTTP ` +
      'request.',
    hint:
      'It is for HTTP controllers alone. Put the guard on these with @UseGuards(), and use ' +
      '`zoho.connection(id)` ' +
      'in handlers of messages, with an id that the sender cannot choose.',
  })
}
