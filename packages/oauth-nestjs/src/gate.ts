import { Catch, createParamDecorator, HttpException, Inject, Injectable, type ArgumentsHost, type CanActivate, type ExceptionFilter, type ExecutionContext, type Type } from '@nestjs/common'
import { isRecruitOAuthError, RecruitOAuthError, type Connection, type RecruitScope } from '@zrecruit/oauth-core'
import { getZohoRecruitToken, type Client } from './client.ts'
import { answer, webRequest, type FrameworkReply, type FrameworkRequest } from './http.ts'
import { isRoutes } from './routes.ts'

const passed = Symbol.for('@zrecruit/oauth-nestjs/passed')
const refusal = Symbol.for('@zrecruit/oauth-nestjs/refusal')

/** By the name of their client, the gates that a request has passed. */
type Gated = FrameworkRequest & { [passed]?: Readonly<Record<string, { readonly client: Client; readonly connection: Connection }>> }

/**
 * The gate: `@UseGuards(zohoConnected({ scopes: ['ZohoRecruit.users.READ'], client: 'emea' }))`. Who is connected passes;
 * a page is sent to connect, a script gets 401, missing scopes get 403. Before the whole app, it leaves the routes open.
 */
export const zohoConnected = ({ scopes, client: name }: { readonly scopes?: readonly RecruitScope[]; readonly client?: string } = {}): Type<CanActivate> => {
  class ZohoConnectedGuard implements CanActivate {
    readonly client: Client

    constructor(client: Client) {
      this.client = client
    }

    async canActivate(context: ExecutionContext): Promise<boolean> {
      if (isRoutes in context.getClass()) return true
      const request = context.switchToHttp().getRequest<Gated>()
      const connection = await this.client.connected(webRequest(request), { context: request, scopes })
      // A guard lets pass or throws. So it throws the answer, for the filter below to write; to others it is an exception of Nest's own.
      if (connection instanceof Response) throw Object.assign(new HttpException(await connection.clone().text(), connection.status), { [refusal]: connection })
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

/** The connection of who asks, behind the gate of that client: `list(@ZohoConnection() zoho: Connection)`. */
export const ZohoConnection: (client?: string) => ParameterDecorator = createParamDecorator((name: string | undefined, context): Connection => {
  const gate = context.switchToHttp().getRequest<Gated>()[passed]?.[name ?? '']
  if (gate) return gate.connection
  throw new RecruitOAuthError('configuration-invalid', { what: '@ZohoConnection() stands where no guard of its client does.', cure: 'Put @UseGuards(ZohoConnectedGuard) there, or zohoConnected({ client }) with its name.' })
})

class OfThisLibrary {
  /** \`@Catch\` asks \`instanceof\`; this library's errors are known by their brand, from whichever copy of it they come. */
  static [Symbol.hasInstance](error: unknown): boolean {
    return isRecruitOAuthError(error) || (typeof error === 'object' && error !== null && refusal in error)
  }
}

/** Writes the gate's answers, and answers this library's errors. All other exceptions are the app's. */
export const createFilter = (client: Client): ExceptionFilter => {
  class ZohoRecruitFilter {
    async catch(error: { [refusal]?: Response }, host: ArgumentsHost): Promise<void> {
      if (host.getType() !== 'http') throw error
      const [request, reply] = host.getArgs<[Gated, FrameworkReply]>()
      const { client: asked } = Object.values(request[passed] ?? {}).at(-1) ?? { client }
      await answer(error[refusal] ?? asked.respondTo(error, webRequest(request))!, reply)
    }
  }
  Catch(OfThisLibrary)(ZohoRecruitFilter)
  return new ZohoRecruitFilter()
}
