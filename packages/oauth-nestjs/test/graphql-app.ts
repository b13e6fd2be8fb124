import { ApolloDriver } from '@nestjs/apollo'
import {
  Injectable,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Provider,
  type Type,
} from '@nestjs/common'
import { GqlExecutionContext, GraphQLModule, Query, Resolver } from '@nestjs/graphql'
import { MercuriusDriver } from '@nestjs/mercurius'
import type { IncomingMessage } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import {
  InjectZohoRecruit,
  RequireZohoConnection,
  ZohoConnection,
  ZohoConnectionGuard,
  ZohoRecruitModule,
  type Connection,
  type ZohoRecruit,
} from '../src/index.ts'
import { optionsFor, startEmulator, startNest } from './start-nest.ts'
import type { Platform } from './subject/platform.ts'

type AppRequest = IncomingMessage & { user?: { id: string; company: string } }

/** As in the README. */
export const requestOf = (context: ExecutionContext): unknown =>
  GqlExecutionContext.create(context).getContext<{ req: unknown }>().req

/** Sets the user, as the guards of apps with GraphQL do. */
@Injectable()
export class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const request = requestOf(context) as AppRequest | undefined
    const id = request?.headers['x-user']
    if (request && id) request.user = { id: String(id), company: 'acme' }
    return true
  }
}

@Resolver('Query')
export class StatusResolver {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  @Query('guarded')
  @UseGuards(SessionGuard, ZohoConnectionGuard)
  async guarded(@ZohoConnection() zoho: Connection) {
    return `${zoho.id}: ${(await zoho.fetch('Candidates?per_page=1')).status}`
  }

  @Query('users')
  @RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'] })
  @UseGuards(SessionGuard)
  users() {
    return 'protected body'
  }

  @Query('decorated')
  async decorated(@ZohoConnection() zoho: Connection) {
    return zoho.accessToken()
  }

  @Query('job')
  async job() {
    return this.zoho.connection('nobody').accessToken()
  }

  @Query('failure')
  failure() {
    throw new TypeError('own error')
  }
}

const typeDefs =
  'type Query { guarded: String, users: String, decorated: String, job: String, failure: String }'

interface Settings {
  readonly platform: Platform
  readonly requestOf?: ((context: ExecutionContext) => unknown) | undefined
  readonly providers?: readonly Provider[]
  readonly imports?: readonly Type[]
}

const connectionFor = ({ user }: { user?: unknown }) =>
  user
    ? { id: (user as { company: string }).company, principal: (user as { id: string }).id }
    : undefined

export const createModules = async ({ platform, ...settings }: Settings) => {
  const graphql = { typeDefs, graphiql: false, playground: false }
  const driver: Type = platform === 'express' ? ApolloDriver : MercuriusDriver
  return [
    // The schema's module may come first: requests are seen before its route.
    GraphQLModule.forRoot({ driver, ...graphql }),
    ZohoRecruitModule.forRootAsync({
      requestOf: 'requestOf' in settings ? settings.requestOf : requestOf,
      useFactory: async () => ({
        ...optionsFor(await startEmulator()),
        connectionFor: ({ headers, user }) =>
          connectionFor({ user: user ?? userOf(headers['x-consents']) }),
      }),
    }),
  ]
}

/** The routes have no `SessionGuard` in these tests, so they read the user from a header. */
const userOf = (header: unknown) =>
  header === undefined ? undefined : { id: String(header), company: 'acme' }

export type GraphQLBody = {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: unknown
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

export const startGraphQL = async (settings: Settings) => {
  const { platform, providers = [], imports = [] } = settings
  const { origin, send, consent } = await startNest({
    platform,
    imports: [...(await createModules(settings)), ...imports],
    providers: [StatusResolver, ...providers],
  })
  return {
    send,
    consent: () => consent('/zoho', { 'x-consents': 'alice' }),
    query: async (query: string, headers: Record<string, string> = {}): Promise<GraphQLBody> => {
      const response = await send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      })
      return (await response.json()) as GraphQLBody
    },
    /** Sends the query in two parts, so that the server gets the second part later. */
    sendSlowly: async (query: string): Promise<GraphQLBody> => {
      const body = JSON.stringify({ query })
      const parts = async function* () {
        yield Buffer.from(body.slice(0, 5))
        await setTimeout(200)
        yield Buffer.from(body.slice(5))
      }
      const response = await fetch(`${origin}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-user': 'alice' },
        body: parts(),
        duplex: 'half',
      } as object)
      return (await response.json()) as GraphQLBody
    },
  }
}
