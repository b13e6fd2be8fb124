import { Controller, Get, Inject } from '@nestjs/common'
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus'
import { memoryStore } from '@zrecruit/oauth-core/memory'
import { expect, it } from 'vitest'
import {
  getZohoRecruitToken,
  RecruitOAuthError,
  ZohoRecruitModule,
  type ConnectionStore,
  type ZohoRecruit,
} from '../src/index.ts'
import { ZohoRecruitHealthIndicator } from '../src/terminus.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'

@Controller()
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(ZohoRecruitHealthIndicator) private readonly zoho: ZohoRecruitHealthIndicator,
    @Inject('EmeaHealth') private readonly emea: ZohoRecruitHealthIndicator,
  ) {}

  @Get('health')
  @HealthCheck()
  check() {
    return this.health.check([() => this.zoho.check(), () => this.emea.check('emea')])
  }
}

const key = Buffer.alloc(32, 7).toString('base64')

const start = async (platform: (typeof platforms)[number]) => {
  const redirectUri = 'https://app.example.com/zoho-emea/callback'
  const emulator = await startEmulator(['https://app.example.com/zoho/callback', redirectUri])
  const memory = memoryStore()
  let problem: Error | undefined
  const guarded =
    <Args extends unknown[], Result>(method: (...args: Args) => Promise<Result>) =>
    async (...args: Args) => {
      if (problem) throw problem
      return method(...args)
    }
  const store: ConnectionStore = {
    read: guarded((id) => memory.read(id)),
    write: guarded((id, next, expected) => memory.write(id, next, expected)),
    list: guarded((query) => memory.list(query)),
  }
  let callsToZoho = 0
  const common = {
    encryptionKeys: [key],
    fetch: (async (...args) => {
      callsToZoho += 1
      return fetch(...args)
    }) as typeof fetch,
  }
  const { app, send } = await startNest({
    platform,
    imports: [
      TerminusModule.forRoot({ logger: false }),
      ZohoRecruitModule.forRoot({ ...optionsFor(emulator, { ...common, store }) }),
      ZohoRecruitModule.forRoot({
        ...optionsFor(emulator, { ...common, store: memoryStore(), redirectUri }),
        name: 'emea',
        path: 'zoho-emea',
      }),
    ],
    controllers: [HealthController],
    providers: [
      ZohoRecruitHealthIndicator,
      {
        provide: 'EmeaHealth',
        inject: [getZohoRecruitToken('emea')],
        useFactory: (zoho: ZohoRecruit) => new ZohoRecruitHealthIndicator(zoho),
      },
    ],
  })
  return {
    emulator,
    zoho: app.get<ZohoRecruit>(getZohoRecruitToken(), { strict: false }),
    setProblem: (error: Error | undefined) => {
      problem = error
    },
    callsToZoho: () => callsToZoho,
    health: async () => {
      const response = await send('/health')
      const { status, details } = (await response.json()) as { status: string; details: object }
      return [response.status, status, details]
    },
  }
}

it.each(platforms)(
  'the store answers, and pending connections are counted: %s',
  async (platform) => {
    const { emulator, zoho, health, callsToZoho } = await start(platform)
    const emea = { status: 'up', pending: 0, hasMore: false }
    expect(await health()).toEqual([200, 'ok', { 'zoho-recruit': emea, emea }])
    for (let index = 0; index < 4; index += 1) {
      const { code } = emulator.issueSelfClientCode({
        scope: 'ZohoRecruit.modules.ALL',
        dataCenter: 'us',
      })
      const connection = zoho.connection(`company-${index}`)
      await connection.exchangeSelfClientCode(code, { principal: 'alice' })
      if (index === 0) continue
      emulator.addFault({ on: 'revoke', kind: 'status', status: 503, times: 1 })
      await expect(connection.revoke()).rejects.toThrow(RecruitOAuthError)
    }
    const before = callsToZoho()
    expect(await health()).toMatchObject([
      200,
      'ok',
      { 'zoho-recruit': { status: 'up', pending: 3, hasMore: false } },
    ])
    expect(callsToZoho()).toBe(before)
  },
)

it('at most twenty pending connections are read', async () => {
  const queries: unknown[] = []
  const indicator = new ZohoRecruitHealthIndicator({
    connections: async (query) => {
      queries.push(query)
      return { connections: Array.from({ length: 20 }, () => ({}) as never), next: 'company-20' }
    },
  })
  expect(await indicator.check('zoho')).toEqual({
    zoho: { status: 'up', pending: 20, hasMore: true },
  })
  expect(queries).toEqual([{ pending: true, limit: 20 }])
})

it.each(platforms)('a store that does not answer is down: %s', async (platform) => {
  const { health, setProblem } = await start(platform)
  setProblem(new Error('connect ECONNREFUSED db.internal, password hunter2'))
  const [status, text, details] = await health()
  expect([status, text]).toEqual([503, 'error'])
  expect(details).toMatchObject({
    'zoho-recruit': { status: 'down', code: 'store-unavailable' },
    emea: { status: 'up' },
  })
  expect(JSON.stringify(details)).not.toMatch(/internal|hunter2/)
  setProblem(undefined)
  expect((await health())[0]).toBe(200)
})

it('a store that lists rows and does not read them is down', async () => {
  const unreadable = { unreadable: 'store-unavailable' } as never
  const indicator = new ZohoRecruitHealthIndicator({
    connections: async () => ({ connections: [unreadable], next: undefined }),
  })
  expect(await indicator.check()).toEqual({
    'zoho-recruit': { status: 'down', code: 'store-unavailable' },
  })
})
