import { createParamDecorator, Inject, UseGuards } from '@nestjs/common'
import { RecruitOAuthError, type Connection } from '@zrecruit/oauth-core'
import { getZohoRecruitToken, passedGuards } from './constants.ts'
import { httpRequestOf } from './http.ts'
import {
  createGuard,
  finderOf,
  requireRequest,
  type GuardedRequest,
  type ZohoConnectionRequirement,
} from './zoho-connection.guard.ts'

/**
 * Injects the client: `constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}`
 * @param name of the client, if the app has several
 */
export const InjectZohoRecruit = (name?: string): ParameterDecorator & PropertyDecorator =>
  Inject(getZohoRecruitToken(name))

/**
 * Requires a connection for a controller or a handler:
 * `@RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'], client: 'emea' })`. Without a
 * connection, a page is redirected to connect, and a script gets 401. If a scope is missing, the
 * response is 403.
 */
export const RequireZohoConnection = (
  requirement: ZohoConnectionRequirement = {},
): ClassDecorator & MethodDecorator => UseGuards(createGuard(requirement))

/**
 * The connection that the guard has found: `list(@ZohoConnection() zoho: Connection)`.
 * @param client the name of the client, if the app has several
 * @throws `configuration-invalid` where no guard of that client has run
 */
export const ZohoConnection: (client?: string) => ParameterDecorator = createParamDecorator(
  (name: string | undefined, context): Connection => {
    const request =
      httpRequestOf<GuardedRequest>(context) ??
      requireRequest(context, finderOf(context.getClass(), name), '@ZohoConnection()')
    const passedGuard = request[passedGuards]?.[name ?? '']
    if (passedGuard) return passedGuard.connection
    throw new RecruitOAuthError('configuration-invalid', {
      summary: '@ZohoConnection() is used in a handler without a guard of its client.',
      hint: 'Put @RequireZohoConnection() there, with `client` if the client has a name.',
    })
  },
)
