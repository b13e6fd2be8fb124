import type { INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { getZohoRecruitToken, type Connection } from '@zrecruit/oauth-nestjs'
import { randomBytes } from 'node:crypto'
import { AppModule, Report, Settings } from './app.module'

/** A connection whose calls are answered here. Only what the app uses has to be there. */
const fakeConnection = (answer: unknown): Connection =>
  ({ fetch: async () => Response.json(answer) }) as Partial<Connection> as Connection

const two = { data: [{ Full_Name: 'Ada Brown' }, { Full_Name: 'Ken Sato' }] }

it('a service, with a fake connection', async () => {
  const module = await Test.createTestingModule({
    providers: [
      Report,
      { provide: getZohoRecruitToken(), useValue: { connection: () => fakeConnection(two) } },
    ],
  }).compile()
  expect(await module.get(Report).names('acme')).toEqual(['Ada Brown', 'Ken Sato'])
})

describe('the whole app, with a fake connection', () => {
  let app: INestApplication

  beforeAll(async () => {
    const settings: Settings = {
      clientId: 'any',
      clientSecret: 'any',
      redirectUri: 'http://localhost:3000/zoho/callback',
      encryptionKeys: [randomBytes(32).toString('base64')],
      database: ':memory:',
      dataCenters: undefined,
    }
    const fake = {
      connection: () => fakeConnection(two),
      requireConnection: async () => fakeConnection(two), // for ZohoConnectionGuard
    }
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Settings)
      .useValue(settings)
      .overrideProvider(getZohoRecruitToken())
      .useValue(fake)
      .compile()
    app = module.createNestApplication()
    await app.listen(0)
  })

  afterAll(() => app.close())

  it('lists candidates without a consent', async () => {
    const response = await fetch(`${await app.getUrl()}/candidates`)
    expect(await response.json()).toEqual(two)
  })
})
