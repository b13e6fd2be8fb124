import {
  Catch,
  Controller,
  Get,
  HttpException,
  type ArgumentsHost,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import type { GqlContextType } from '@nestjs/graphql'
import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { ZohoConnection, ZohoConnectionGuard, type Connection } from '../src/index.ts'
import {
  createModules,
  SessionGuard,
  startGraphQL,
  StatusResolver,
  type GraphQLBody,
} from './graphql-app.ts'
import { errorCodeOf } from './guarded-handler.ts'
import { platforms, startNest } from './start-nest.ts'

const notConnected = {
  title: 'Connect Zoho Recruit',
  status: 401,
  statusCode: 401,
  code: 'not-connected',
  remedy: 'ask-consent',
  connect: 'https://app.example.com/zoho/connect',
}

@Catch()
class OwnFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): unknown {
    const code =
      error instanceof HttpException
        ? (error.getResponse() as { code: string }).code
        : errorCodeOf(error)
    return new Error(`${host.getType()}: ${code}`)
  }
}

describe.each(platforms)('GraphQL over HTTP, on %s', (platform) => {
  it('the guard finds the request, and the decorator the connection', async () => {
    const { query, consent } = await startGraphQL({ platform })
    expect((await consent()).headers.get('location')).toBe('/')
    expect(await query('{ guarded }')).toMatchObject({ data: { guarded: 'acme: 200' } })
    const several = await query('{ a: guarded b: guarded }')
    expect(several.data).toEqual({ a: 'acme: 200', b: 'acme: 200' })
  })

  it('a refusal is an error with the members of the problem', async () => {
    const { query, consent } = await startGraphQL({ platform })
    for (const accept of ['application/json', 'text/html,*/*']) {
      const { data, errors } = await query('{ guarded }', { accept })
      expect(data).toEqual({ guarded: null })
      expect(errors).toHaveLength(1)
      expect(errors?.[0]).toMatchObject({
        message: 'This connection has no consent. Send the user to /connect.',
        path: ['guarded'],
        extensions: { code: 'UNAUTHENTICATED', originalError: notConnected },
      })
    }
    await consent()
    expect((await query('{ users }')).errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      originalError: { code: 'scope-missing', missingScopes: ['ZohoRecruit.users.READ'] },
    })
  })

  it('a browser that opens the URL of a query is not redirected', async () => {
    const { send } = await startGraphQL({ platform })
    const response = await send('/graphql?query={guarded}', {
      headers: {
        accept: 'text/html,*/*',
        'sec-fetch-dest': 'document',
        'sec-fetch-mode': 'navigate',
        'apollo-require-preflight': '1',
      },
    })
    expect(response.status).toBe(200)
    expect(((await response.json()) as GraphQLBody).errors?.[0]?.extensions).toMatchObject({
      originalError: { code: 'not-connected' },
    })
  })

  it('the guard finds a request whose body arrives late', async () => {
    const { sendSlowly, consent } = await startGraphQL({ platform })
    await consent()
    expect((await sendSlowly('{ guarded }')).data).toEqual({ guarded: 'acme: 200' })
  })

  it('callers that wait for one promise, such as a batch, keep their requests', async () => {
    const batch = new EventEmitter()
    const batchDone = once(batch, 'done')
    let waiting = 0
    class BatchGuard implements CanActivate {
      async canActivate(context: ExecutionContext) {
        if (context.getType<GqlContextType>() !== 'graphql') return true
        waiting += 1
        if (waiting === 2) batch.emit('done')
        await batchDone
        return true
      }
    }
    const providers = [{ provide: APP_GUARD, useClass: BatchGuard }]
    const { query, consent } = await startGraphQL({ platform, providers })
    await consent()
    const bodies = await Promise.all([
      query('{ guarded }'),
      query('{ guarded }', { 'x-user': 'bob' }),
    ])
    for (const body of bodies) expect(body.data).toEqual({ guarded: 'acme: 200' })
  })

  it('a request without a signed-in user is refused', async () => {
    const { query, consent } = await startGraphQL({ platform })
    await consent()
    expect((await query('{ guarded }', { 'x-user': '' })).errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      originalError: { code: 'principal-missing' },
    })
  })

  it('without a guard of its client, the decorator throws', async () => {
    const { query, consent } = await startGraphQL({ platform })
    await consent()
    expect((await query('{ decorated }')).errors?.[0]?.message).toMatch(/^@ZohoConnection\(\)/)
  })

  it('errors reach the app’s own filter, or its GraphQL server, as they were thrown', async () => {
    const own = [{ provide: APP_FILTER, useClass: OwnFilter }]
    const { query } = await startGraphQL({ platform, providers: own })
    for (const [field, code] of [
      ['guarded', 'not-connected'],
      ['decorated', 'configuration-invalid'],
      ['job', 'not-connected'],
      ['failure', 'other'],
    ] as const)
      expect([field, (await query(`{ ${field} }`)).errors?.[0]?.message]).toEqual([
        field,
        `graphql: ${code}`,
      ])
    const { query: queryWithoutFilter } = await startGraphQL({ platform })
    expect((await queryWithoutFilter('{ job }')).errors?.[0]?.message).toMatch(/has no consent/)
    expect((await queryWithoutFilter('{ failure }')).errors?.[0]?.message).toBe('own error')
  })

  it('without `requestOf`, the guard refuses and the error names the option', async () => {
    const { query } = await startGraphQL({ platform, requestOf: undefined })
    expect((await query('{ guarded }')).errors?.[0]?.message).toMatch(
      /ZohoConnectionGuard was called .*`graphql`.*`requestOf`/,
    )
  })

  it('the guard for the whole app works in resolvers and in controllers', async () => {
    @Controller()
    class CandidatesController {
      @Get('candidates')
      list(@ZohoConnection() zoho: Connection) {
        return zoho.id
      }
    }
    const { send, consent } = await startNest({
      platform,
      imports: await createModules({ platform }),
      controllers: [CandidatesController],
      providers: [
        StatusResolver,
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_GUARD, useClass: ZohoConnectionGuard },
      ],
    })
    await consent('/zoho', { 'x-consents': 'alice' })
    const headers = { 'x-consents': 'alice', 'content-type': 'application/json' }
    expect(await (await send('/candidates', { headers })).text()).toBe('acme')
    const body = JSON.stringify({ query: '{ decorated }' })
    const response = await send('/graphql', { method: 'POST', headers, body })
    expect(((await response.json()) as GraphQLBody).data).toEqual({
      decorated: expect.stringMatching(/^1000\./),
    })
  })
})
