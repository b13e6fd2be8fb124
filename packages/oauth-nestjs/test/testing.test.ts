import type { INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { expect, it, onTestFinished } from 'vitest'
import { getZohoRecruitToken, ZohoRecruitModule } from '../src/index.ts'
import { createModules, StatusResolver } from './graphql-app.ts'
import { optionsFor, startEmulator } from './start-nest.ts'
import { loadPlatform } from './subject/platform.ts'

it('a test can override the client by its injection token', async () => {
  const fake = { connection: () => ({ accessToken: async () => 'token' }) }
  const module = await Test.createTestingModule({
    imports: [ZohoRecruitModule.forRoot(optionsFor(await startEmulator()))],
  })
    .overrideProvider(getZohoRecruitToken())
    .useValue(fake)
    .compile()
  expect(module.get(getZohoRecruitToken())).toBe(fake)
})

it('a test can replace the client with a fake, also for resolvers', async () => {
  const fake = {
    requireConnection: async () => ({ id: 'fake', fetch: async () => new Response() }),
  }
  const { adapter } = await loadPlatform('express')
  const testing = await Test.createTestingModule({
    imports: await createModules({ platform: 'express' }),
    providers: [StatusResolver],
  })
    .overrideProvider(getZohoRecruitToken())
    .useValue(fake)
    .compile()
  const app: INestApplication = testing.createNestApplication(adapter, { logger: false })
  onTestFinished(() => app.close())
  await app.listen(0, '127.0.0.1')
  const response = await fetch(`${await app.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ guarded }"}',
  })
  expect(await response.json()).toEqual({ data: { guarded: 'fake: 200' } })
})
