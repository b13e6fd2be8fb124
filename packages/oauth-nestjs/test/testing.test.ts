import { Test } from '@nestjs/testing'
import { expect, it } from 'vitest'
import { getZohoRecruitToken, ZohoRecruitModule } from '../src/index.ts'
import { optionsFor, startEmulator } from './start-nest.ts'

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
