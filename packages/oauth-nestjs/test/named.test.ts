import { Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common'
import { describe, expect, it } from 'vitest'
import {
  InjectZohoRecruit,
  RequireZohoConnection,
  ZohoConnectionGuard,
  ZohoConnection,
  ZohoRecruitModule,
  type Connection,
  type ZohoRecruit,
} from '../src/index.ts'
import { optionsFor, redirectUri, startEmulator, startNest } from './start-nest.ts'

const emeaUri = 'https://app.example.com/zoho-emea/callback'
const script = { headers: { accept: 'application/json' } }

@Controller()
class TwoClientsController {
  constructor(
    @InjectZohoRecruit() private readonly zoho: ZohoRecruit,
    @InjectZohoRecruit('emea') private readonly emea: ZohoRecruit,
  ) {}

  @Get('both')
  @RequireZohoConnection({ client: 'emea' })
  @UseGuards(ZohoConnectionGuard)
  async both(@ZohoConnection() zoho: Connection, @ZohoConnection('emea') emea: Connection) {
    return [(await zoho.status()).dataCenter, (await emea.status()).dataCenter]
  }

  @Get('emea')
  @RequireZohoConnection({ client: 'emea' })
  async onlyEmea(@ZohoConnection('emea') emea: Connection) {
    return (await emea.status()).status
  }

  @Get('wrong')
  @RequireZohoConnection({ client: 'emea' })
  wrong(@ZohoConnection() zoho: Connection) {
    return zoho.status()
  }

  @Get('later')
  @UseGuards(ZohoConnectionGuard)
  async later(@ZohoConnection() zoho: Connection) {
    await zoho.forget()
    return zoho.accessToken()
  }

  @Get('jobs')
  async jobs() {
    return [
      (await this.zoho.connection('acme').status()).status,
      (await this.emea.connection('acme').status()).status,
    ]
  }
}

describe.each([false, true])('two clients in one app, global: %s', (isGlobal) => {
  const start = async () => {
    const [us, emea] = [await startEmulator(), await startEmulator([emeaUri])]
    const clients = [
      ZohoRecruitModule.forRoot({ ...optionsFor(us), isGlobal }),
      ZohoRecruitModule.forRoot({
        ...optionsFor(emea, { redirectUri: emeaUri, dataCenter: 'eu' }),
        isGlobal,
        name: 'emea',
        path: 'zoho-emea',
      }),
    ]
    @Module({ imports: isGlobal ? [] : clients, controllers: [TwoClientsController] })
    class FeatureModule {}
    return startNest({ imports: [FeatureModule, ...(isGlobal ? clients : [])] })
  }

  it('each has its own routes, guard, connection and injection token', async () => {
    const { send, consent } = await start()
    const beforeConsents = await send('/both', script)
    expect([beforeConsents.status, await beforeConsents.json()]).toMatchObject([
      401,
      { connect: 'https://app.example.com/zoho/connect' },
    ])
    await consent('/zoho')
    const afterFirstConsent = await send('/both', script)
    expect([afterFirstConsent.status, await afterFirstConsent.json()]).toMatchObject([
      401,
      { connect: 'https://app.example.com/zoho-emea/connect' },
    ])
    expect(await (await send('/jobs')).json()).toEqual(['active', 'none'])
    await consent('/zoho-emea')
    expect(await (await send('/both')).json()).toEqual(['us', 'eu'])
    expect(await (await send('/emea')).text()).toBe('active')
  })

  it('the response to an error behind a guard has the URL of that guard’s client', async () => {
    const { send, consent } = await start()
    await consent('/zoho')
    const response = await send('/later', script)
    expect([response.status, await response.json()]).toMatchObject([
      401,
      { code: 'not-connected', connect: 'https://app.example.com/zoho/connect' },
    ])
  })

  it('@ZohoConnection() throws for another client than the guard’s', async () => {
    const events: unknown[] = []
    const emulator = await startEmulator([redirectUri, emeaUri])
    const onEvent = (event: unknown) => void events.push(event)
    const { send, consent } = await startNest({
      imports: [
        ZohoRecruitModule.forRoot(optionsFor(emulator, { onEvent })),
        ZohoRecruitModule.forRoot({
          ...optionsFor(emulator, { redirectUri: emeaUri, onEvent }),
          name: 'emea',
          path: 'zoho-emea',
        }),
      ],
      controllers: [TwoClientsController],
    })
    await consent('/zoho-emea')
    const response = await send('/wrong', script)
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { code: 'configuration-invalid' },
    ])
    expect(events.at(-1)).toMatchObject({
      error: {
        message:
          '@ZohoConnection() is used in a handler without a guard of its client. Put ' +
          '@RequireZohoConnection() there, with `client` if the client has a name.',
      },
    })
  })
})

it('Nest’s error shows the name of a missing client', async () => {
  @Injectable()
  class Job {
    constructor(@InjectZohoRecruit('apac') readonly zoho: ZohoRecruit) {}
  }
  @Controller()
  class Guarded {
    @Get()
    @RequireZohoConnection({ client: 'apac' })
    get() {
      return ''
    }
  }
  const imports = [ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))]
  await expect(startNest({ imports, providers: [Job] })).rejects.toThrow(
    /dependencies of the Job \(\?\).*"ZohoRecruit\(apac\)"/,
  )
  await expect(startNest({ imports, controllers: [Guarded] })).rejects.toThrow(
    /dependencies of the ZohoConnectionGuard \(\?\).*"ZohoRecruit\(apac\)"/,
  )
})

it('a misspelt member of @RequireZohoConnection() is refused when the class is defined', () => {
  expect(() => RequireZohoConnection({ scope: ['ZohoRecruit.users.READ'] } as object)).toThrow(
    'The option `scope` is unknown. Did you mean `scopes`?',
  )
})

it.each(['path', 'isGlobal', 'name', 'decorators'])(
  'the error for `%s` in the result of the factory says where it belongs',
  async (name) => {
    const emulator = await startEmulator()
    const started = startNest({
      imports: [
        ZohoRecruitModule.forRootAsync({
          useFactory: () => ({ ...optionsFor(emulator), [name]: 'x' }),
        }),
      ],
    })
    await expect(started).rejects.toThrow(
      `The option \`${name}\` is in the result of the factory. Pass it to forRootAsync, beside`,
    )
  },
)
