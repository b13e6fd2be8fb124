import {
  createParamDecorator,
  HttpException,
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common'
import { RecruitOAuthError, type Connection, type RecruitScope } from '@zrecruit/oauth-core'
import { getZohoRecruitToken, type Client } from './client.ts'
import { httpRequestOf, webRequest, type FrameworkRequest } from './http.ts'
import { isRoutes } from './routes.ts'

export const passed = Symbol.for('@zrecruit/oauth-nestjs/passed')
export const refusal = Symbol.for('@zrecruit/oauth-nestjs/refusal')

/** By the name of their client, the gates that a request has passed. */
export type Gated = FrameworkRequest & { [passed]?: Readonly<Record<string, Gate>> }
type Gate = Readonly<{ client: Client; connection: Connection }>

/**
 * The gate: `@UseGuards(zohoConnected({ scopes: ['ZohoRecruit.users.READ'], client: 'emea' }))`.
 * Who is connected passes; a page is sent to connect, a script gets 401, missing scopes get 403.
 * Before the whole app, it leaves the routes open. It is for HTTP: a message of any other context
 * is refused, whatever it holds.
 */
export const zohoConnected = ({
  scopes,
  client: name,
}: {
  readonly scopes?: readonly RecruitScope[]
  readonly client?: string
} = {}): Type<CanActivate> => {
  const guardName =
    name === undefined ? 'ZohoConnectedGuard' : `zohoConnected({ client: '${name}' })`
  class ZohoConnectedGuard implements CanActivate {
    readonly client: Client

    constructor(client: Client) {
      this.client = client
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      const request = requestIn(context, guardName)
      // By identity: this controller is the library's own.
      if (isRoutes in context.getClass()) return true
      const connection = await this.client.connected(webRequest(request), {
        context: request,
        scopes,
      })
      // A guard lets pass or throws. So it throws the answer, for the filter below to write; to
      // others it is an exception of Nest's own.
      if (connection instanceof Response)
        throw Object.assign(new HttpException(await connection.clone().text(), connection.status), {
          [refusal]: connection,
        })
      request[passed] = { ...request[passed], [name ?? '']: { client: this.client, connection } }
      return true
    }
  }
  Inject(getZohoRecruitToken(name))(ZohoConnectedGuard, undefined, 0)
  Injectable()(ZohoConnectedGuard)
  return ZohoConnectedGuard
}

/** The gate of the client without a name, whatever the scopes: `@UseGuards(ZohoConnectedGuard)`. */
export const ZohoConnectedGuard = zohoConnected()

/**
 * The connection of who asks, behind the gate of that client: `list(@ZohoConnection() zoho:
 * Connection)`.
 */
export const ZohoConnection: (client?: string) => ParameterDecorator = createParamDecorator(
  (name: string | undefined, context): Connection => {
    const gate = requestIn(context, '@ZohoConnection()')[passed]?.[name ?? '']
    if (gate) return gate.connection
    throw new RecruitOAuthError('configuration-invalid', {
      what: '@ZohoConnection() stands where no guard of its client does.',
      cure: 'Put @UseGuards(ZohoConnectedGuard) there, or zohoConnected({ client }) with its name.',
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
    what:
      `${asked} was called in a context of the type \`${context.getType()}\`, without an HTTP ` +
      'request.',
    cure:
      'It is for HTTP controllers alone. Put the guard on these with @UseGuards(), and use ' +
      '`zoho.connection(id)` ' +
      'in handlers of messages, with an id that the sender cannot choose.',
  })
}
