import {
  Controller,
  Get,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common'
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import {
  ZohoConnectionGuard,
  ZohoConnection,
  ZohoRecruitModule,
  type Connection,
} from '../src/index.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'

@Controller()
class CandidatesController {
  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  async list(@ZohoConnection() zoho: Connection) {
    return { status: (await zoho.fetch('Candidates?per_page=1')).status }
  }
}

/** Sets the user of the request, as the guards of Nest apps do. */
@Injectable()
class SessionGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const isPublic = new Reflector().getAllAndOverride<boolean | undefined>('public', [
      context.getHandler(),
      context.getClass(),
    ])
    const request = context
      .switchToHttp()
      .getRequest<{ headers: Record<string, string>; user?: unknown }>()
    if (request.headers['x-user'] === undefined) {
      if (isPublic) return true
      throw new UnauthorizedException()
    }
    request.user = { id: request.headers['x-user'], company: 'acme' }
    return true
  }
}

@Injectable()
class WrappingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler) {
    return next.handle().pipe(map((data: unknown) => ({ data })))
  }
}

describe.each(platforms)('the routes, on %s', (platform) => {
  it('run after the app’s guards, which identify the user, and its interceptors', async () => {
    const emulator = await startEmulator()
    const connectionFor = ({ user }: { user?: unknown }) =>
      user && { id: (user as { company: string }).company, principal: (user as { id: string }).id }
    const { origin, send, consent } = await startNest({
      platform,
      imports: [
        ZohoRecruitModule.forRoot(optionsFor(emulator, { connectionFor: connectionFor as never })),
      ],
      controllers: [CandidatesController],
      providers: [
        { provide: APP_GUARD, useClass: SessionGuard },
        { provide: APP_INTERCEPTOR, useClass: WrappingInterceptor },
      ],
    })
    const signedOutResponse = await fetch(`${origin}/zoho/connect`, { redirect: 'manual' })
    expect([signedOutResponse.status, signedOutResponse.headers.get('content-type')]).toEqual([
      401,
      expect.stringContaining('application/json'),
    ])
    expect((await consent()).headers.get('location')).toBe('/')
    expect(await (await send('/candidates')).json()).toEqual({ data: { status: 200 } })
    const disconnectResponse = await send('/zoho/disconnect', {
      method: 'POST',
      headers: { accept: 'application/json' },
    })
    expect([disconnectResponse.status, await disconnectResponse.text()]).toEqual([204, ''])
  })

  it('have the module’s `decorators`, for example to make the callback public', async () => {
    const emulator = await startEmulator()
    const module = (decorators: ClassDecorator[]) =>
      ZohoRecruitModule.forRoot({
        ...optionsFor(emulator, { callbackIdentity: 'cookie' }),
        decorators,
      })
    const callbackSignedOut = async (decorators: ClassDecorator[]) => {
      const { origin } = await startNest({
        platform,
        imports: [module(decorators)],
        providers: [{ provide: APP_GUARD, useClass: SessionGuard }],
      })
      return fetch(`${origin}/zoho/callback?state=x&code=y`, {
        headers: { accept: 'text/html' },
      })
    }
    expect((await callbackSignedOut([])).status).toBe(401)
    expect(await (await callbackSignedOut([SetMetadata('public', true)])).text()).toContain(
      'callback-malformed',
    )
  })

  it('keep the app’s cookies, on the reply and on Node’s response', async () => {
    const emulator = await startEmulator()
    const { send } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRoot(optionsFor(emulator))],
      main: (app, adapter) => {
        app.use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
          response.appendHeader('set-cookie', 'one=1')
          response.appendHeader('set-cookie', 'two=2')
          next()
        })
        if (platform !== 'fastify') return
        adapter
          .getInstance()
          .addHook(
            'onRequest',
            async (_: unknown, reply: { header(name: string, value: string): void }) =>
              void reply.header('set-cookie', 'three=3'),
          )
        adapter
          .getInstance()
          .addHook(
            'onSend',
            async (_: unknown, reply: { header(name: string, value: string): void }) =>
              void reply.header('x-on-send', 'ran'),
          )
      },
    })
    const { headers } = await send('/zoho/connect')
    const appCookies = platform === 'fastify' ? ['three=3', 'one=1', 'two=2'] : ['one=1', 'two=2']
    expect(headers.getSetCookie()).toEqual([...appCookies, expect.stringMatching(/^__Host-zro-/)])
    expect(headers.get('x-on-send')).toBe(platform === 'fastify' ? 'ran' : null)
  })

  it.each([true, false])('ignore the body, with a body parser: %s', async (bodyParser) => {
    const emulator = await startEmulator()
    const { send } = await startNest({
      platform,
      bodyParser,
      imports: [ZohoRecruitModule.forRoot(optionsFor(emulator))],
    })
    const post = (type: string, body: string | Uint8Array<ArrayBuffer>) =>
      send('/zoho/disconnect', {
        method: 'POST',
        headers: { 'content-type': type, accept: 'application/json' },
        body,
      })
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/xml',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
    ])
      expect([type, (await post(type, 'a=1')).status]).toEqual([type, 204])
    expect((await post('application/octet-stream', new Uint8Array(4 << 20))).status).toBe(204)
    // Express parses before it routes, so the app's parser refuses.
    expect((await post('application/json', '{')).status).toBe(
      platform === 'express' && bodyParser ? 400 : 204,
    )
  })

  it('leave other routes to the app, with Nest’s 404', async () => {
    @Controller('zoho')
    class Neighbour {
      @Get('status')
      status() {
        return 'mine'
      }
    }
    const emulator = await startEmulator()
    const { send } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRoot(optionsFor(emulator))],
      controllers: [Neighbour],
    })
    expect(await (await send('/zoho/status')).text()).toBe('mine')
    for (const path of [
      '/zoho',
      '/zoho/else',
      '/zoho/%63onnect',
      '/zoho/connect/more',
      '/zoho/CONNECT',
    ]) {
      const response = await send(path)
      expect([response.status, await response.json()]).toEqual([
        404,
        { message: `Cannot GET ${path}`, error: 'Not Found', statusCode: 404 },
      ])
    }
  })
})
